/**
 * @file A model's tokenizer: text or chat messages in, token ids out, with the ids that Hugging Face's `tokenizers` gives
 * for the same `tokenizer.json`. That file is the only truth for normalisation, splitting and special tokens; what
 * transformers 5 rebuilds from a class name (`LlamaTokenizer` drops the file's normalizer) is not imitated.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { FormatError } from '#contract/errors.ts';
import type { JsonValue, Message } from '#engine/data/row.ts';
import { compileChatTemplate } from './chat-template.ts';
import type { ChatTemplate } from './chat-template.ts';
import { pickChatTemplate, readChatTemplates } from './chat-templates.ts';
import { buildEncoder } from './pipeline/encoder.ts';
import { readSpecialTokenFrame } from './pipeline/special-token-frame.ts';
import { parseTokenizerJson } from './pipeline/tokenizer-json.ts';
import type { TokenizerJson } from './pipeline/tokenizer-json.ts';
import { resolveSpecialTokens } from './special-tokens.ts';
import type { SpecialTokens } from './special-tokens.ts';
import type { TokenizerSource } from './tokenizer-source.ts';

export interface ChatTemplateOptions {
  readonly addGenerationPrompt: boolean;
  readonly tools?: readonly JsonValue[] | null;
  /** Further template variables; they win over the special tokens of the same name. */
  readonly templateKwargs?: Readonly<Record<string, JsonValue>>;
}

export interface TextTokenizer {
  /** Ids of a plain text with the tokenizer's default special tokens (a BOS, where the tokenizer adds one). */
  encode(text: string): Int32Array;
  /** Ids of a text without any special tokens added; those written in the text are still recognised. */
  encodeBare(text: string): Int32Array;
  /** The conversation as text. @throws {FormatError} if there is no chat template, or it refuses the messages */
  applyChatTemplate(messages: readonly Message[], options: ChatTemplateOptions): string;
  /** Ids of the conversation; nothing is added to what the template writes. */
  encodeChat(messages: readonly Message[], options: ChatTemplateOptions): Int32Array;
  /** Text of ids, for showing. */
  decode(ids: Iterable<number>, options?: { readonly skipSpecialTokens?: boolean }): string;
  readonly hasChatTemplate: boolean;
  readonly bosToken: string | null;
  readonly eosToken: string | null;
  /** The end-of-sequence id when there is no padding token, as in TRL; `null` when there is neither. */
  readonly padTokenId: number | null;
  /** One more than the largest token id. */
  readonly vocabSize: number;
}

/**
 * Builds the tokenizer of a model folder.
 * @param clock - the time that a chat template may print (Llama 3.2's does); give the start of the run, so that a resumed run
 *   tokenises as it did
 * @throws {FormatError} if one of the files is not usable
 */
export function createTokenizer(source: TokenizerSource, clock: () => Date): TextTokenizer {
  const file = `${source.folder}/tokenizer.json`;
  const json = parseTokenizerJson(source.tokenizerJson, file);
  const special = resolveSpecialTokens(json, {
    config: source.tokenizerConfig,
    specialTokensMap: source.specialTokensMap,
    folder: source.folder,
  });
  const encodeBare = buildEncoder(json, special.addedTokens, file);
  const frame = readSpecialTokenFrame(json.post_processor, file);
  const renderChat = buildChatRenderer(source, special, clock);
  const idOf = (token: string | null) =>
    token === null ? null : (special.addedTokens.find((added) => added.content === token)?.id ?? null);
  const eosToken = special.named['eos_token'] ?? null;
  return {
    encode: (text) => Int32Array.from([...frame.before, ...encodeBare(text), ...frame.after]),
    encodeBare: (text) => Int32Array.from(encodeBare(text)),
    applyChatTemplate: renderChat,
    encodeChat: (messages, options) => Int32Array.from(encodeBare(renderChat(messages, options))),
    decode: buildDecoder(json, special),
    hasChatTemplate: Object.keys(readChatTemplates(source)).length > 0,
    bosToken: special.named['bos_token'] ?? null,
    eosToken,
    padTokenId: idOf(special.named['pad_token'] ?? null) ?? idOf(eosToken),
    vocabSize: 1 + largestId(json, special),
  };
}

function buildChatRenderer(source: TokenizerSource, special: SpecialTokens, clock: () => Date): TextTokenizer['applyChatTemplate'] {
  const templates = readChatTemplates(source);
  const compiled = new Map<string, ChatTemplate>();
  return (messages, options) => {
    const name = pickChatTemplate(templates, options.tools ?? null, source.folder);
    let template = compiled.get(name);
    if (template === undefined) {
      template = compileChatTemplate(templates[name] as string, `the chat template of ${source.folder}`, clock);
      compiled.set(name, template);
    }
    return template({
      messages,
      tools: options.tools ?? null,
      addGenerationPrompt: options.addGenerationPrompt,
      others: { ...special.named, ...options.templateKwargs },
    });
  };
}

interface Decoder {
  decode(ids: number[], options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }): string;
}

/** The library decodes; the parts of the file that only encode are left out of what it is given. */
function buildDecoder(json: TokenizerJson, special: SpecialTokens): TextTokenizer['decode'] {
  let decoder: Decoder | null = null; // built at first use: training never decodes
  return (ids, options) => {
    const list = [...ids];
    if (list.length === 0) return '';
    // The package's types do not resolve here, so what is used of it is written down above.
    decoder ??= new (Tokenizer as new (...files: object[]) => Decoder)(
      {
        added_tokens: special.addedTokens,
        normalizer: null,
        pre_tokenizer: null,
        post_processor: null,
        decoder: json.decoder ?? null,
        model: { type: 'BPE', vocab: json.model.vocab, merges: [], unk_token: json.model.unk_token ?? null },
      },
      {},
    );
    return decoder.decode(list, { skip_special_tokens: options?.skipSpecialTokens ?? false, clean_up_tokenization_spaces: false });
  };
}

function largestId(json: TokenizerJson, special: SpecialTokens): number {
  let largest = -1;
  for (const id of Object.values(json.model.vocab)) largest = Math.max(largest, id);
  for (const token of special.addedTokens) largest = Math.max(largest, token.id);
  if (largest < 0) throw new FormatError('The tokenizer has an empty vocabulary.', { file: 'tokenizer.json', field: 'model.vocab' });
  return largest;
}
