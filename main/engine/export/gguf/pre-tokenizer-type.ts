/**
 * @file The name llama.cpp has for the way a byte-level tokenizer cuts text into words. It knows a fixed list; the names here were chosen by the regular
 * expressions in its source, and each is checked against real llama.cpp in the tests.
 * @see llama.cpp src/llama-vocab.cpp `llm_tokenizer_bpe`
 */
import type { PreTokenizerJson, SimplePreTokenizerJson } from '#engine/text/pipeline/tokenizer-json.ts';

const CASELESS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const AROUND = String.raw`| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const LETTERS = String.raw`|[^\r\n\p{L}\p{N}]?\p{L}+`;
const UPPER = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const LOWER = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const CASED = (ending: string): string =>
  String.raw`[^\r\n\p{L}\p{N}]?${UPPER}*${LOWER}+${ending}|[^\r\n\p{L}\p{N}]?${UPPER}+${LOWER}*${ending}`;
const CASED_AROUND = String.raw`| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** By the regular expression of the one `Split` before `ByteLevel`. */
const BY_PATTERN: ReadonlyMap<string, string> = new Map([
  [String.raw`${CASELESS}${LETTERS}|\p{N}{1,3}${AROUND}`, 'smaug-bpe'],
  [String.raw`${CASELESS}${LETTERS}|\p{N}${AROUND}`, 'qwen2'],
  [String.raw`${CASED(`${CASELESS}?`)}|\p{N}{1,3}${CASED_AROUND}`, 'gpt-4o'],
  [String.raw`${CASED('')}|\p{N}${CASED_AROUND}`, 'tekken'],
]);
/** The same words as `smaug-bpe`, but a word that is in the vocabulary is one token, whatever the merges say. */
const LLAMA3 = 'llama-bpe';

/** @returns null if llama.cpp has no name for it */
export function preTokenizerType(json: PreTokenizerJson | null | undefined, ignoreMerges: boolean): string | null {
  if (json === null || json === undefined) return null;
  const steps = json.type === 'Sequence' ? json.pretokenizers : [json];
  const last = steps.at(-1);
  if (last?.type !== 'ByteLevel' || last.add_prefix_space) return null;
  const name = last.use_regex ? byGpt2Words(steps.slice(0, -1)) : byPattern(steps.slice(0, -1));
  if (!ignoreMerges) return name;
  return name === 'smaug-bpe' ? LLAMA3 : null;
}

function byGpt2Words(before: readonly SimplePreTokenizerJson[]): string | null {
  if (before.length === 0) return 'gpt-2';
  const [digits, ...more] = before;
  return digits?.type === 'Digits' && digits.individual_digits && more.length === 0 ? 'smollm' : null;
}

function byPattern(before: readonly SimplePreTokenizerJson[]): string | null {
  const [split, ...more] = before;
  if (split?.type !== 'Split' || more.length > 0 || split.behavior !== 'Isolated' || split.invert || !('Regex' in split.pattern))
    return null;
  return BY_PATTERN.get(split.pattern.Regex) ?? null;
}
