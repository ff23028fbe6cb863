/** @file A tokenizer in llama.cpp's terms: the two families it shares with Prospect, byte-level BPE and SentencePiece-style BPE with byte fallback. */
import { readChatTemplates } from '#engine/text/chat-templates.ts';
import { readSpecialTokenFrame } from '#engine/text/pipeline/special-token-frame.ts';
import { parseTokenizerJson } from '#engine/text/pipeline/tokenizer-json.ts';
import type { AddedTokenJson, TokenizerJson } from '#engine/text/pipeline/tokenizer-json.ts';
import { resolveSpecialTokens } from '#engine/text/special-tokens.ts';
import type { TokenizerSource } from '#engine/text/tokenizer-source.ts';
import { bool, string, uint32 } from './gguf-value.ts';
import type { GgufMetadata, GgufValue } from './gguf-value.ts';
import { preTokenizerType } from './pre-tokenizer-type.ts';

/** `llama_token_type`. */
const TYPE = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;
const BYTE_TOKEN = /^<0x[0-9A-F]{2}>$/;
/** Of tokens that no merge makes: never preferred. */
const LOWEST_SCORE = -1e9;
/** Whose regular expression llama.cpp only comes close to. */
const APPROXIMATE: ReadonlySet<string> = new Set(['gpt-4o', 'tekken']);
/** What llama.cpp takes an unknown way of cutting words for. */
const FALLBACK_PRE_TYPE = 'default';

export interface GgufVocabulary {
  readonly metadata: GgufMetadata;
  /** Where other programs may cut a text into other tokens than the model was trained on. */
  readonly notes: readonly string[];
}

interface VocabularyOptions {
  /** Rows of the embedding: the file has to name as many tokens. */
  readonly vocabSize: number;
  /** Tokens that end an answer, the end-of-sequence token among them. */
  readonly stopIds: ReadonlySet<number>;
}

/** @throws {FormatError} if one of the tokenizer's files is not usable */
export function ggufVocabulary(source: TokenizerSource, { vocabSize, stopIds }: VocabularyOptions): GgufVocabulary {
  const file = `${source.folder}/tokenizer.json`;
  const json = parseTokenizerJson(source.tokenizerJson, file);
  const { named, addedTokens } = resolveSpecialTokens(json, {
    config: source.tokenizerConfig,
    specialTokensMap: source.specialTokensMap,
    folder: source.folder,
  });
  const added = new Map(addedTokens.map((token) => [token.id, token]));
  const idOf = (name: string): number | undefined => addedTokens.find(({ content }) => content === named[name])?.id;
  const frame = readSpecialTokenFrame(json.post_processor, file);
  const [bos, eos, unk, pad] = ['bos_token', 'eos_token', 'unk_token', 'pad_token'].map(idOf);
  const family = isSentencePiece(json) ? sentencePiece(json, vocabSize) : byteLevel(json);
  const turnEnd = [...stopIds].find((id) => id !== eos);
  const ids: readonly (readonly [string, number | undefined])[] = [
    ['bos_token_id', bos],
    ['eos_token_id', eos ?? [...stopIds][0]],
    ['unknown_token_id', unk],
    ['padding_token_id', pad],
    ['eot_token_id', turnEnd],
  ];
  return {
    metadata: new Map([
      ['tokenizer.ggml.model', string(isSentencePiece(json) ? 'llama' : 'gpt2')],
      ...family.fields,
      ['tokenizer.ggml.tokens', { type: 'strings', value: tokenTexts(json, added, vocabSize) }],
      ['tokenizer.ggml.token_type', { type: 'int32s', value: tokenTypes(json, added, { vocabSize, controls: [...stopIds] }) }],
      ...ids.flatMap(([key, id]) => (id === undefined ? [] : [[`tokenizer.ggml.${key}`, uint32(id)] as const])),
      ['tokenizer.ggml.add_bos_token', bool(bos !== undefined && frame.before.includes(bos))],
      ['tokenizer.ggml.add_eos_token', bool(eos !== undefined && frame.after.includes(eos))],
      ...chatTemplates(source),
    ]),
    notes: [...family.notes, ...addedTokenNotes(json, addedTokens)],
  };
}

function isSentencePiece({ model }: TokenizerJson): boolean {
  return model.byte_fallback === true;
}

interface Family {
  readonly fields: readonly (readonly [string, GgufValue])[];
  readonly notes: readonly string[];
}

/** llama.cpp merges the neighbours whose union has the highest score: the earlier the merge, the higher. */
function sentencePiece(json: TokenizerJson, vocabSize: number): Family {
  const scores = new Array<number>(vocabSize).fill(LOWEST_SCORE);
  for (const [rank, merge] of json.model.merges.entries()) {
    const id = json.model.vocab[typeof merge === 'string' ? merge.replace(' ', '') : merge.join('')];
    if (id !== undefined && scores[id] === LOWEST_SCORE) scores[id] = -rank;
  }
  return {
    fields: [
      ['tokenizer.ggml.pre', string('default')],
      ['tokenizer.ggml.scores', { type: 'float32s', value: scores }],
      ['tokenizer.ggml.add_space_prefix', bool(addsSpacePrefix(json))],
    ],
    notes: [],
  };
}

function addsSpacePrefix({ normalizer, pre_tokenizer: preTokenizer }: TokenizerJson): boolean {
  const normalizers = normalizer?.type === 'Sequence' ? normalizer.normalizers : [normalizer];
  if (normalizers.some((step) => step?.type === 'Prepend')) return true;
  const steps = preTokenizer?.type === 'Sequence' ? preTokenizer.pretokenizers : [preTokenizer];
  return steps.some((step) => step?.type === 'Metaspace' && step.prepend_scheme !== 'never' && step.add_prefix_space !== false);
}

function byteLevel(json: TokenizerJson): Family {
  const pre = preTokenizerType(json.pre_tokenizer, json.model.ignore_merges === true);
  const merges = json.model.merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' ')));
  const normalises = json.normalizer !== null && json.normalizer !== undefined;
  return {
    fields: [
      ['tokenizer.ggml.pre', string(pre ?? FALLBACK_PRE_TYPE)],
      ['tokenizer.ggml.merges', { type: 'strings', value: merges }],
    ],
    notes: [
      ...(pre === null
        ? ['llama.cpp has no name for the way this tokenizer cuts text into words, so other programs may cut it in other places.']
        : []),
      ...(pre !== null && APPROXIMATE.has(pre)
        ? ['llama.cpp cuts words with accents written as separate characters in other places than this tokenizer.']
        : []),
      ...(normalises ? ['llama.cpp does not normalise text (accents written as separate characters); Prospect does so itself.'] : []),
    ],
  };
}

/** llama.cpp knows of added tokens what they are called and whether they are special, and nothing else. */
function addedTokenNotes({ normalizer }: TokenizerJson, added: readonly AddedTokenJson[]): string[] {
  const isNormalised = normalizer !== null && normalizer !== undefined;
  const odd = added.filter(({ lstrip, rstrip, single_word: word, normalized }) => lstrip || rstrip || word || (normalized && isNormalised));
  if (odd.length === 0) return [];
  const named = odd.slice(0, 3).map(({ content }) => content);
  return [
    `llama.cpp may cut text around ${named.join(', ')}${odd.length > 3 ? ', …' : ''} in other places: it does not know how these tokens treat spaces.`,
  ];
}

function tokenTexts({ model }: TokenizerJson, added: ReadonlyMap<number, AddedTokenJson>, vocabSize: number): string[] {
  const texts = Array.from({ length: vocabSize }, (_, id) => `[PAD${id}]`);
  for (const [text, id] of Object.entries(model.vocab)) if (id < vocabSize) texts[id] = text;
  for (const [id, { content }] of added) if (id < vocabSize) texts[id] = content;
  return texts;
}

function tokenTypes(
  { model }: TokenizerJson,
  added: ReadonlyMap<number, AddedTokenJson>,
  { vocabSize, controls }: { readonly vocabSize: number; readonly controls: readonly number[] },
): number[] {
  const types = new Array<number>(vocabSize).fill(TYPE.unused);
  for (const [text, id] of Object.entries(model.vocab)) {
    if (id < vocabSize) types[id] = model.byte_fallback === true && BYTE_TOKEN.test(text) ? TYPE.byte : TYPE.normal;
  }
  for (const [id, { special }] of added) if (id < vocabSize) types[id] = special ? TYPE.control : TYPE.userDefined;
  const unknown = model.unk_token === null || model.unk_token === undefined ? undefined : model.vocab[model.unk_token];
  if (unknown !== undefined && unknown < vocabSize) types[unknown] = TYPE.unknown;
  for (const id of controls) if (id < vocabSize) types[id] = TYPE.control;
  return types;
}

function chatTemplates(source: TokenizerSource): [string, GgufValue][] {
  const { default: usual, ...others } = readChatTemplates(source);
  const named = Object.entries(others);
  return [
    ...(usual === undefined ? [] : [['tokenizer.chat_template', string(usual)] as [string, GgufValue]]),
    ...named.map(([name, template]): [string, GgufValue] => [`tokenizer.chat_template.${name}`, string(template)]),
    ...(named.length === 0
      ? []
      : [['tokenizer.chat_templates', { type: 'strings', value: named.map(([name]) => name) }] as [string, GgufValue]]),
  ];
}
