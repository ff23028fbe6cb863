/**
 * @file Learns a byte-level byte-pair encoding from texts (Sennrich et al., arXiv:1508.07909): begins with the 256 bytes and joins the most
 * frequent pair of neighbours until the vocabulary is full. The same texts always give the same vocabulary, which is the one that
 * Hugging Face's `BpeTrainer` learns from them.
 */
import { SettingsError } from '#contract/errors.ts';
import { BYTE_CHARACTERS } from '#engine/text/pipeline/byte-alphabet.ts';
import { buildPreTokeniser } from '#engine/text/pipeline/pre-tokenise.ts';

export interface BpeVocabulary {
  /** Id by token, ids from 0 without a gap: special tokens, bytes, then what each merge gives. */
  readonly vocab: ReadonlyMap<string, number>;
  /** Pairs of tokens in the order in which they are joined. */
  readonly merges: readonly (readonly [left: string, right: string])[];
}

export interface TrainBpeOptions {
  /** Tokens in all, special ones and the 256 bytes included. Fewer come out if no pair occurs twice any more. */
  readonly vocabSize: number;
  /** They get the first ids and are never split or learnt from. */
  readonly specialTokens: readonly string[];
}

/** The splitting that goes with the vocabulary; in the words of tokenizer.json. */
export const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true } as const;

/** A pair that occurs once is not worth a token. */
const LEAST_FREQUENCY = 2;
const ID_RANGE = 2 ** 24;

interface Word {
  readonly symbols: number[];
  readonly count: number;
}

/** Every pair of neighbours: how often it occurs, and in which words it has been. */
interface PairTable {
  readonly counts: Map<number, number>;
  readonly holders: Map<number, Set<number>>;
}

/** @throws {SettingsError} if the vocabulary has no room for the bytes and the special tokens */
export function trainBpe(texts: Iterable<string>, { vocabSize, specialTokens }: TrainBpeOptions): BpeVocabulary {
  const smallest = specialTokens.length + BYTE_CHARACTERS.length;
  if (!Number.isInteger(vocabSize) || vocabSize < smallest || vocabSize >= ID_RANGE) {
    throw new SettingsError(
      `vocab_size must be a whole number from ${smallest} (256 bytes and ${specialTokens.length} special tokens) to ${ID_RANGE - 1}; it is ${vocabSize}.`,
      { field: 'vocab_size' },
    );
  }
  const tokens = [...specialTokens, ...BYTE_CHARACTERS.toSorted()];
  const vocab = new Map(tokens.map((token, id) => [token, id]));
  const words = countWords(texts, vocab);
  const pairs = countPairs(words);
  const merges: (readonly [string, string])[] = [];
  while (tokens.length < vocabSize) {
    const pair = mostFrequent(pairs);
    if (pair === null) break;
    const [left, right] = [Math.floor(pair / ID_RANGE), pair % ID_RANGE];
    const joined = (tokens[left] as string) + (tokens[right] as string);
    merges.push([tokens[left] as string, tokens[right] as string]);
    // Two pairs may give the same token ("a"+"bc", "ab"+"c"): it has one id.
    const known = vocab.get(joined);
    const id = known ?? tokens.push(joined) - 1;
    vocab.set(joined, id);
    for (const w of pairs.holders.get(pair) ?? []) joinInWord(words[w] as Word, w, { left, right, id }, pairs);
    pairs.counts.delete(pair);
    pairs.holders.delete(pair);
  }
  return { vocab, merges };
}

/** Different pieces of the texts as byte symbols, in the order of their first occurrence. */
function countWords(texts: Iterable<string>, vocab: ReadonlyMap<string, number>): Word[] {
  const split = buildPreTokeniser(BYTE_LEVEL);
  const counts = new Map<string, number>();
  for (const text of texts) for (const piece of split(text, true)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return [...counts].map(([piece, count]) => ({ symbols: Array.from(piece, (char) => vocab.get(char) as number), count }));
}

function countPairs(words: readonly Word[]): PairTable {
  const table: PairTable = { counts: new Map(), holders: new Map() };
  words.forEach(({ symbols, count }, w) => {
    for (let i = 0; i + 1 < symbols.length; i++) addPair(table, { pair: pairAt(symbols, i), word: w, count });
  });
  return table;
}

function pairAt(symbols: readonly number[], i: number): number {
  return (symbols[i] as number) * ID_RANGE + (symbols[i + 1] as number);
}

function addPair({ counts, holders }: PairTable, { pair, word, count }: { pair: number; word: number; count: number }): void {
  counts.set(pair, (counts.get(pair) ?? 0) + count);
  const words = holders.get(pair);
  if (words) words.add(word);
  else holders.set(pair, new Set([word]));
}

/** Of equals, the pair of the smaller ids. */
function mostFrequent({ counts }: PairTable): number | null {
  let best: number | null = null;
  let most = LEAST_FREQUENCY - 1;
  for (const [pair, count] of counts) {
    if (count < most || count < LEAST_FREQUENCY || (count === most && best !== null && pair > best)) continue;
    best = pair;
    most = count;
  }
  return best;
}

/** Joins the pair wherever it stands in the word, from left to right, and counts the neighbours anew. */
function joinInWord(word: Word, index: number, { left, right, id }: { left: number; right: number; id: number }, pairs: PairTable): void {
  const { symbols, count } = word;
  for (let i = 0; i + 1 < symbols.length; i++) pairs.counts.set(pairAt(symbols, i), (pairs.counts.get(pairAt(symbols, i)) ?? 0) - count);
  let kept = 0;
  for (let i = 0; i < symbols.length; i++) {
    const isPair = symbols[i] === left && symbols[i + 1] === right;
    symbols[kept++] = isPair ? id : (symbols[i] as number);
    if (isPair) i++;
  }
  symbols.length = kept;
  for (let i = 0; i + 1 < symbols.length; i++) addPair(pairs, { pair: pairAt(symbols, i), word: index, count });
}
