/** @file Which files of a Hub repository make a model that can be trained here. */

export interface RepositoryFile {
  /** As the Hub says it, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Of large files; null for small ones, which have `gitHash`. */
  readonly sha256: string | null;
  /** Git's hash of a blob: sha1 of a header and the content. */
  readonly gitHash: string | null;
}

const SMALL = [
  /^config\.json$/,
  /^generation_config\.json$/,
  /^(tokenizer|tokenizer_config|special_tokens_map|added_tokens)\.json$/,
  /^chat_template\.jinja$/,
  /^additional_chat_templates\/[\w.-]+\.jinja$/,
  /^README\.md$/i,
  /^LICEN[CS]E(\.(txt|md))?$/i,
];
const INDEX = 'model.safetensors.index.json';
const SINGLE = 'model.safetensors';
const SHARD = /^model-\d{5}-of-\d{5}\.safetensors$/;

/** Small files first, so that a model which can't be trained is found out before its weights are fetched. */
export function wantedFiles(files: readonly RepositoryFile[]): RepositoryFile[] {
  const small = files.filter(({ path }) => isSafe(path) && SMALL.some((pattern) => pattern.test(path)));
  const single = files.filter(({ path }) => path === SINGLE);
  const shards = files.filter(({ path }) => path === INDEX || SHARD.test(path));
  return [...small.toSorted(byPath), ...(single.length > 0 ? single : shards.toSorted(byPath))];
}

/** Why they make no model, or null. */
export function missingParts(files: readonly RepositoryFile[], id: string): string | null {
  const paths = new Set(files.map(({ path }) => path));
  const wanted = new Set(wantedFiles(files).map(({ path }) => path));
  if (!paths.has('config.json')) return `${id} has no config.json, so it is no model that can be trained. Choose another.`;
  if (!wanted.has(SINGLE) && !wanted.has(INDEX)) {
    const gguf = [...paths].some((path) => path.toLowerCase().endsWith('.gguf'));
    const pickled = [...paths].some((path) => /\.(bin|pt|pth)$/.test(path));
    const found = gguf
      ? 'only GGUF files, which can not be trained'
      : pickled
        ? "only PyTorch's pickle files, which can run code"
        : 'no weights';
    return `${id} has ${found}. Choose a version of the model with ${SINGLE}.`;
  }
  if (!paths.has('tokenizer.json'))
    return `${id} has no tokenizer.json, which is needed to read text. Choose another version of the model.`;
  return null;
}

/** A server is not trusted with where its files are put. */
function isSafe(path: string): boolean {
  return !/[\\\0]/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function byPath(a: RepositoryFile, b: RepositoryFile): number {
  return a.path < b.path ? -1 : 1;
}
