/**
 * @file Which tokens are special, and which ids they have: `tokenizer_config.json` (and, in old folders,
 * `special_tokens_map.json`) may add to or override what `tokenizer.json` lists, in transformers' order.
 * @see https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/tokenization_utils_tokenizers.py (`__init__`)
 */
import { z } from 'zod';
import { FormatError } from '#contract/errors.ts';
import type { AddedTokenJson, TokenizerJson } from './pipeline/tokenizer-json.ts';

export interface SpecialTokens {
  /** `bos_token`, `eos_token`, … → text, as the chat template sees them. */
  readonly named: Readonly<Record<string, string>>;
  /** Every added token with its id and flags, those of tokenizer.json included. */
  readonly addedTokens: readonly AddedTokenJson[];
}

const TokenFlags = {
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  single_word: z.boolean().default(false),
  normalized: z.boolean().optional(), // transformers: true for ordinary tokens, false for special ones
  special: z.boolean().optional(),
};
const TokenObject = z.object({ content: z.string(), ...TokenFlags });
const TokenSpec = z.union([z.string(), TokenObject]);
type TokenSpec = z.infer<typeof TokenSpec>;

const Config = z.looseObject({
  added_tokens_decoder: z.record(z.string(), TokenObject).optional(),
  extra_special_tokens: z.union([z.array(TokenSpec), z.record(z.string(), TokenSpec)]).nullish(),
  additional_special_tokens: z.array(TokenSpec).nullish(),
  tokenizer_class: z.string().nullish(),
});

// The order in which transformers adds them when they have no id yet.
const STANDARD_NAMES = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'];

/** Defaults of the classes whose published config may leave them out (GPT-2's own says only `model_max_length`). */
const CLASS_DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LlamaTokenizer: { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' },
  GPT2Tokenizer: { bos_token: '<|endoftext|>', eos_token: '<|endoftext|>', unk_token: '<|endoftext|>' },
  GPTNeoXTokenizer: { bos_token: '<|endoftext|>', eos_token: '<|endoftext|>', unk_token: '<|endoftext|>' },
  Qwen2Tokenizer: { eos_token: '<|endoftext|>', unk_token: '<|endoftext|>', pad_token: '<|endoftext|>' },
  GemmaTokenizer: { bos_token: '<bos>', eos_token: '<eos>', unk_token: '<unk>', pad_token: '<pad>' },
};

/**
 * Resolves special and added tokens.
 * @param config - parsed tokenizer_config.json or `null`
 * @param specialTokensMap - parsed special_tokens_map.json or `null`
 * @throws {FormatError} if either file has a field of the wrong type
 */
export function resolveSpecialTokens(
  json: TokenizerJson,
  files: { readonly config: unknown; readonly specialTokensMap: unknown; readonly folder: string },
): SpecialTokens {
  const config = parseConfig(files.config ?? {}, `${files.folder}/tokenizer_config.json`);
  const overrides =
    config.added_tokens_decoder === undefined ? parseConfig(files.specialTokensMap ?? {}, `${files.folder}/special_tokens_map.json`) : {};
  const named = collectNamed({ ...CLASS_DEFAULTS[(config.tokenizer_class ?? '').replace(/Fast$/u, '')], ...config, ...overrides });
  const added = new AddedTokenList(json);
  for (const [id, token] of Object.entries(config.added_tokens_decoder ?? {})) added.override(Number(id), token);
  for (const token of named.values()) added.ensure(token);
  for (const token of extraTokens({ ...config, ...overrides })) added.ensure(token);
  return {
    named: Object.fromEntries([...named].map(([name, token]) => [name, textOf(token)])),
    addedTokens: added.list(),
  };
}

function parseConfig(value: unknown, file: string): z.infer<typeof Config> {
  const parsed = Config.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new FormatError(`${file} is not usable: ${field === '' ? 'the whole file' : field}: ${issue?.message ?? 'unreadable'}.`, {
    file,
    field,
  });
}

function collectNamed(config: Readonly<Record<string, unknown>>): Map<string, TokenSpec> {
  const others = Object.keys(config).filter((key) => key.endsWith('_token') && !STANDARD_NAMES.includes(key));
  const named = new Map<string, TokenSpec>();
  for (const name of [...STANDARD_NAMES, ...others]) {
    const token = TokenSpec.safeParse(config[name]);
    if (token.success) named.set(name, token.data);
  }
  const extra = config['extra_special_tokens'];
  if (typeof extra === 'object' && extra !== null && !Array.isArray(extra)) {
    for (const [name, token] of Object.entries(extra as Record<string, TokenSpec>)) named.set(name, token);
  }
  return named;
}

function extraTokens(config: z.infer<typeof Config>): readonly TokenSpec[] {
  const extra = config.extra_special_tokens;
  return Array.isArray(extra) && extra.length > 0 ? extra : (config.additional_special_tokens ?? []);
}

function textOf(token: TokenSpec): string {
  return typeof token === 'string' ? token : token.content;
}

/** Added tokens in the making: an id is the vocabulary's own, or the next free one. */
class AddedTokenList {
  private readonly byId = new Map<number, AddedTokenJson>();
  private readonly idOfContent = new Map<string, number>();
  private readonly vocab: ReadonlyMap<string, number>;
  private nextId: number;

  constructor(json: TokenizerJson) {
    this.vocab = new Map(Object.entries(json.model.vocab));
    this.nextId = this.vocab.size;
    for (const token of json.added_tokens) this.put(token);
  }

  /** The config's flags win over those of tokenizer.json. */
  override(configId: number, token: z.infer<typeof TokenObject>): void {
    const id = this.idOfContent.get(token.content) ?? this.vocab.get(token.content) ?? configId;
    this.put(withFlags(id, token, token.special ?? false));
  }

  /** Adds the token unless it is there already. */
  ensure(token: TokenSpec): void {
    const content = textOf(token);
    if (content === '' || this.idOfContent.has(content)) return;
    this.put(withFlags(this.vocab.get(content) ?? this.nextId, typeof token === 'string' ? { content } : token, true));
  }

  list(): readonly AddedTokenJson[] {
    return [...this.byId.values()];
  }

  private put(token: AddedTokenJson): void {
    this.byId.set(token.id, token);
    this.idOfContent.set(token.content, token.id);
    this.nextId = Math.max(this.nextId, token.id + 1);
  }
}

function withFlags(id: number, token: Partial<z.infer<typeof TokenObject>> & { content: string }, special: boolean): AddedTokenJson {
  return {
    id,
    content: token.content,
    lstrip: token.lstrip ?? false,
    rstrip: token.rstrip ?? false,
    single_word: token.single_word ?? false,
    normalized: token.normalized ?? !special,
    special,
  };
}
