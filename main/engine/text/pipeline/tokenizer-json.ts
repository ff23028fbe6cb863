/**
 * @file The parts of a Hugging Face `tokenizer.json` that Prospect runs, as zod schemas. The list is closed on purpose: a
 * normalizer or pre-tokenizer that is not here would give other ids than the model was trained on, so it is refused by name.
 */
import { z } from 'zod';
import { FormatError } from '#contract/errors.ts';

const Pattern = z.union([z.object({ String: z.string() }), z.object({ Regex: z.string() })]);

const SplitBehavior = z.enum(['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']);

const SimpleNormalizer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('NFC') }),
  z.object({ type: z.literal('NFD') }),
  z.object({ type: z.literal('NFKC') }),
  z.object({ type: z.literal('NFKD') }),
  z.object({ type: z.literal('Lowercase') }),
  z.object({ type: z.literal('Prepend'), prepend: z.string() }),
  z.object({ type: z.literal('Replace'), pattern: Pattern, content: z.string() }),
  z.object({ type: z.literal('Strip'), strip_left: z.boolean().default(true), strip_right: z.boolean().default(true) }),
]);

const Normalizer = z.union([SimpleNormalizer, z.object({ type: z.literal('Sequence'), normalizers: z.array(SimpleNormalizer) })]);

const SimplePreTokenizer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ByteLevel'), add_prefix_space: z.boolean().default(true), use_regex: z.boolean().default(true) }),
  z.object({ type: z.literal('Split'), pattern: Pattern, behavior: SplitBehavior, invert: z.boolean().default(false) }),
  z.object({ type: z.literal('Digits'), individual_digits: z.boolean().default(false) }),
  z.object({ type: z.literal('Punctuation'), behavior: SplitBehavior.default('Isolated') }),
  z.object({ type: z.literal('Whitespace') }),
  z.object({ type: z.literal('WhitespaceSplit') }),
  z.object({
    type: z.literal('Metaspace'),
    replacement: z.string().default('▁'),
    prepend_scheme: z.enum(['always', 'never', 'first']).default('always'),
    add_prefix_space: z.boolean().optional(), // the spelling before tokenizers 0.15; false means 'never'
    split: z.boolean().default(true),
  }),
]);

const PreTokenizer = z.union([SimplePreTokenizer, z.object({ type: z.literal('Sequence'), pretokenizers: z.array(SimplePreTokenizer) })]);

const TemplateItem = z.union([
  z.object({ SpecialToken: z.object({ id: z.string() }) }),
  z.object({ Sequence: z.object({ id: z.enum(['A', 'B']) }) }),
]);

const SimplePostProcessor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ByteLevel') }),
  z.object({
    type: z.literal('TemplateProcessing'),
    single: z.array(TemplateItem),
    special_tokens: z.record(z.string(), z.object({ ids: z.array(z.int()) })),
  }),
  z.object({ type: z.literal('RobertaProcessing'), cls: z.tuple([z.string(), z.int()]), sep: z.tuple([z.string(), z.int()]) }),
  z.object({ type: z.literal('BertProcessing'), cls: z.tuple([z.string(), z.int()]), sep: z.tuple([z.string(), z.int()]) }),
]);

const PostProcessor = z.union([SimplePostProcessor, z.object({ type: z.literal('Sequence'), processors: z.array(SimplePostProcessor) })]);

const AddedToken = z.object({
  id: z.int().nonnegative(),
  content: z.string(),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(true),
  special: z.boolean().default(false),
});

const BpeModel = z.object({
  type: z.literal('BPE').optional(), // files before tokenizers 0.8 leave it out
  vocab: z.record(z.string(), z.int().nonnegative()),
  merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  unk_token: z.string().nullish(),
  fuse_unk: z.boolean().nullish(),
  byte_fallback: z.boolean().nullish(),
  ignore_merges: z.boolean().nullish(),
  dropout: z.literal(0).nullish(),
  continuing_subword_prefix: z.literal('').nullish(),
  end_of_word_suffix: z.literal('').nullish(),
});

const TokenizerJson = z.object({
  added_tokens: z.array(AddedToken).default([]),
  normalizer: Normalizer.nullish(),
  pre_tokenizer: PreTokenizer.nullish(),
  post_processor: PostProcessor.nullish(),
  decoder: z.record(z.string(), z.unknown()).nullish(),
  model: BpeModel,
});

export type PatternJson = z.infer<typeof Pattern>;
export type SplitBehaviorJson = z.infer<typeof SplitBehavior>;
export type SimpleNormalizerJson = z.infer<typeof SimpleNormalizer>;
export type NormalizerJson = z.infer<typeof Normalizer>;
export type SimplePreTokenizerJson = z.infer<typeof SimplePreTokenizer>;
export type PreTokenizerJson = z.infer<typeof PreTokenizer>;
export type PostProcessorJson = z.infer<typeof PostProcessor>;
export type SimplePostProcessorJson = z.infer<typeof SimplePostProcessor>;
export type AddedTokenJson = z.infer<typeof AddedToken>;
export type BpeModelJson = z.infer<typeof BpeModel>;
export type TokenizerJson = z.infer<typeof TokenizerJson>;

/**
 * Checks a parsed `tokenizer.json`.
 * @throws {FormatError} if it is not a BPE tokenizer, or names a part that is not run here
 */
export function parseTokenizerJson(value: unknown, file: string): TokenizerJson {
  const modelType = readPath(value, ['model', 'type']);
  if (typeof modelType === 'string' && modelType !== 'BPE') {
    throw new FormatError(
      `${file} holds a ${modelType} tokenizer; Prospect runs BPE tokenizers (Llama, Mistral, Qwen, SmolLM and the like).`,
      { file, field: 'model.type' },
    );
  }
  const parsed = TokenizerJson.safeParse(value);
  if (parsed.success) return parsed.data;
  const unknownPart = findUnknownPart(value);
  if (unknownPart !== null) {
    throw new FormatError(
      `${file} uses the ${unknownPart.part} "${unknownPart.type}", which Prospect does not run; choose another model.`,
      {
        file,
        field: unknownPart.part,
      },
    );
  }
  const issue = parsed.error.issues[0];
  const field = issue === undefined || issue.path.length === 0 ? 'the whole file' : issue.path.join('.');
  throw new FormatError(`${file} is not a usable tokenizer.json: ${field}: ${issue?.message ?? 'unreadable'}.`, { file, field });
}

const KNOWN_TYPES: Readonly<Record<string, readonly string[]>> = {
  normalizer: ['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'Prepend', 'Replace', 'Strip', 'Sequence'],
  pre_tokenizer: ['ByteLevel', 'Split', 'Digits', 'Punctuation', 'Whitespace', 'WhitespaceSplit', 'Metaspace', 'Sequence'],
  post_processor: ['ByteLevel', 'TemplateProcessing', 'RobertaProcessing', 'BertProcessing', 'Sequence'],
};

/** zod says "Invalid input" for a union that matched nothing; this names the part that is to blame. */
function findUnknownPart(value: unknown): { part: string; type: string } | null {
  for (const [part, known] of Object.entries(KNOWN_TYPES)) {
    const root = readPath(value, [part]);
    const nested = ['normalizers', 'pretokenizers', 'processors'].flatMap((key) => {
      const list = readPath(root, [key]);
      return Array.isArray(list) ? list : [];
    });
    for (const candidate of [root, ...nested]) {
      const type = readPath(candidate, ['type']);
      if (typeof type === 'string' && !known.includes(type)) return { part, type };
    }
  }
  return null;
}

function readPath(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}
