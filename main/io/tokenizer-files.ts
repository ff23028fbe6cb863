/** @file Reads the files of a model folder that make up its tokenizer; what they mean is decided in the engine. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError } from '#contract/errors.ts';
import type { TokenizerSource } from '#engine/text/tokenizer-source.ts';
import { asStorageError } from './as-storage-error.ts';
import { readJsonFile } from './read-json-file.ts';

const TOKENIZER = 'tokenizer.json';
const CONFIG = 'tokenizer_config.json';
const SPECIAL_TOKENS = 'special_tokens_map.json';
const TEMPLATE = 'chat_template.jinja';
const TEMPLATE_FOLDER = 'additional_chat_templates';
const TEMPLATE_ENDING = '.jinja';

/**
 * Reads `tokenizer.json`, and beside it `tokenizer_config.json`, `special_tokens_map.json` and chat templates if they are there.
 * @throws {FormatError} if there is no tokenizer.json (with what to do about it), or a file is not what its name says
 * @throws {StorageError} if the folder or a file can't be read
 */
export async function readTokenizerFiles(folder: string): Promise<TokenizerSource> {
  const names = await list(folder);
  if (!names.includes(TOKENIZER)) throw missingTokenizer(folder, names);
  const readOptional = (name: string) => (names.includes(name) ? readJsonFile(join(folder, name)) : Promise.resolve(null));
  const [tokenizerJson, tokenizerConfig, specialTokensMap, chatTemplateFiles] = await Promise.all([
    readJsonFile(join(folder, TOKENIZER)),
    readOptional(CONFIG),
    readOptional(SPECIAL_TOKENS),
    readTemplates(folder, names),
  ]);
  return { folder, tokenizerJson, tokenizerConfig, specialTokensMap, chatTemplateFiles };
}

function missingTokenizer(folder: string, names: readonly string[]): FormatError {
  const command = `python -c "from transformers import AutoTokenizer as T; T.from_pretrained('.').save_pretrained('.')"`;
  const file = join(folder, TOKENIZER);
  const other = ['tokenizer.model', 'spiece.model', 'tekken.json', 'vocab.json', 'vocab.txt'].find((name) => names.includes(name));
  if (other === undefined)
    return new FormatError(`${folder} has no ${TOKENIZER}. Choose the folder of a model with its tokenizer.`, { file });
  const reason = other.endsWith('.model') ? `a SentencePiece file (${other})` : other;
  return new FormatError(
    `${folder} has ${reason} but no ${TOKENIZER}, which is needed. To make it, run \`pip install transformers sentencepiece\`` +
      ` and, in that folder, \`${command}\`.`,
    { file },
  );
}

async function readTemplates(folder: string, names: readonly string[]): Promise<Record<string, string>> {
  const templates: Record<string, string> = {};
  if (names.includes(TEMPLATE_FOLDER)) {
    const files = await list(join(folder, TEMPLATE_FOLDER));
    for (const name of files.filter((candidate) => candidate.endsWith(TEMPLATE_ENDING)).toSorted()) {
      templates[name.slice(0, -TEMPLATE_ENDING.length)] = await readTemplate(join(folder, TEMPLATE_FOLDER, name));
    }
  }
  if (names.includes(TEMPLATE)) templates['default'] = await readTemplate(join(folder, TEMPLATE));
  return templates;
}

async function readTemplate(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file));
  } catch (error) {
    if (error instanceof TypeError) throw new FormatError(`${file} is not UTF-8 text. Download it again.`, { file }, { cause: error });
    throw asStorageError(error, 'read', file);
  }
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw asStorageError(error, 'read', folder);
  }
}
