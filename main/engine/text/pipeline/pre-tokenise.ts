/**
 * @file The pre-tokenizers of tokenizer.json: they cut a normalised text into the pieces inside which BPE may merge.
 * @see https://github.com/huggingface/tokenizers/tree/main/tokenizers/src/pre_tokenizers
 */
import { toByteCharacters } from './byte-alphabet.ts';
import { hfPattern } from './hf-pattern.ts';
import { splitPieces } from './split-pieces.ts';
import type { PreTokenizerJson, SimplePreTokenizerJson } from './tokenizer-json.ts';

/** `isTextStart` is true only for the piece that begins at the first character of the whole text. */
export type PreTokeniser = (text: string, isTextStart: boolean) => string[];

// Rust's \s is Unicode White_Space; JavaScript's also holds U+FEFF and lacks U+0085.
const GPT2_WORDS =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
const NUMERIC = /\p{N}/gu;
const PUNCTUATION = /[\p{P}!-/:-@[-`{-~]/gu;
const WORD_OR_SYMBOLS =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu;
const SPACE = /\p{White_Space}/gu;

/** Builds the pre-tokenizer of a tokenizer.json; one piece for the whole text when it has none. */
export function buildPreTokeniser(json: PreTokenizerJson | null | undefined): PreTokeniser {
  if (json === null || json === undefined) return (text) => [text];
  const steps = (json.type === 'Sequence' ? json.pretokenizers : [json]).map(buildStep);
  return (text, isTextStart) =>
    steps.reduce<string[]>((pieces, step) => pieces.flatMap((piece, index) => step(piece, isTextStart && index === 0)), [text]);
}

function buildStep(json: SimplePreTokenizerJson): PreTokeniser {
  switch (json.type) {
    case 'ByteLevel':
      return (text) => {
        const spaced = json.add_prefix_space && !text.startsWith(' ') ? ` ${text}` : text;
        const words = json.use_regex ? splitPieces(spaced, GPT2_WORDS, 'Isolated') : [spaced];
        return words.map(toByteCharacters);
      };
    case 'Split': {
      const pattern = hfPattern(json.pattern);
      return (text) => splitPieces(text, pattern, json.behavior, json.invert);
    }
    case 'Digits':
      return (text) => splitPieces(text, NUMERIC, json.individual_digits ? 'Isolated' : 'Contiguous');
    case 'Punctuation':
      return (text) => splitPieces(text, PUNCTUATION, json.behavior);
    case 'Whitespace':
      return (text) => splitPieces(text, WORD_OR_SYMBOLS, 'Removed', true);
    case 'WhitespaceSplit':
      return (text) => splitPieces(text, SPACE, 'Removed');
    case 'Metaspace':
      return buildMetaspace(json);
    default:
      return json satisfies never;
  }
}

function buildMetaspace(json: Extract<SimplePreTokenizerJson, { type: 'Metaspace' }>): PreTokeniser {
  const scheme = json.add_prefix_space === false ? 'never' : json.prepend_scheme;
  const delimiter = hfPattern({ String: json.replacement });
  return (text, isTextStart) => {
    const marked = text.replaceAll(' ', json.replacement);
    const prepends = scheme === 'always' || (scheme === 'first' && isTextStart);
    const prefixed = prepends && !marked.startsWith(json.replacement) ? json.replacement + marked : marked;
    return json.split ? splitPieces(prefixed, delimiter, 'MergedWithNext') : [prefixed];
  };
}
