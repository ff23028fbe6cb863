/**
 * @file Byte-pair encoding as Hugging Face's tokenizers do it: symbols are vocabulary ids, and the pair with the lowest
 * rank (leftmost first) is merged until none is left. Written here because pairs of ids are ten times faster to look up
 * than the string pairs of @huggingface/tokenizers, and a dataset is tokenised twice over.
 * @see https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/models/bpe/word.rs (`merge_all`)
 */
import { FormatError } from '#contract/errors.ts';
import { utf8Bytes } from './byte-alphabet.ts';
import { MergeHeap } from './merge-heap.ts';
import type { BpeModelJson } from './tokenizer-json.ts';

/** Token ids of one pre-tokenised piece. */
export type BpeModel = (piece: string) => readonly number[];

// Positions fit below 2^27 (a piece of 134 million characters) and ranks below 2^25; together they stay exact integers.
const POSITION_RANGE = 2 ** 27;
const CACHED_PIECE_CHARACTERS = 48; // longer pieces hardly ever repeat
const CACHE_ENTRIES = 50_000;

interface MergeTable {
  /** Rank of a pair of ids, keyed `left · idRange + right`. */
  readonly rankOfPair: ReadonlyMap<number, number>;
  /** Id that the merge of each rank gives. */
  readonly idOfRank: readonly number[];
  /** One more than the largest id. */
  readonly idRange: number;
}

/**
 * Builds the model part of a tokenizer.json.
 * @throws {FormatError} if a merge names a token that is not in the vocabulary
 */
export function buildBpe(json: BpeModelJson, file: string): BpeModel {
  const vocab = new Map(Object.entries(json.vocab));
  const table = buildMergeTable(json.merges, vocab, file);
  const symbolsOf = buildSymboliser(json, vocab, file);
  const cache = new Map<string, readonly number[]>();
  return (piece) => {
    const cached = cache.get(piece);
    if (cached !== undefined) return cached;
    const whole = json.ignore_merges === true ? vocab.get(piece) : undefined;
    const ids = whole === undefined ? mergeAll(symbolsOf(piece), table) : [whole];
    if (piece.length <= CACHED_PIECE_CHARACTERS) {
      if (cache.size >= CACHE_ENTRIES) cache.clear();
      cache.set(piece, ids);
    }
    return ids;
  };
}

function buildMergeTable(merges: BpeModelJson['merges'], vocab: ReadonlyMap<string, number>, file: string): MergeTable {
  let idRange = 1;
  for (const id of vocab.values()) idRange = Math.max(idRange, id + 1);
  const rankOfPair = new Map<number, number>();
  const idOfRank: number[] = [];
  for (const [rank, merge] of merges.entries()) {
    const [left, right] = typeof merge === 'string' ? splitMerge(merge) : merge;
    const leftId = vocab.get(left);
    const rightId = vocab.get(right);
    const mergedId = vocab.get(left + right);
    if (leftId === undefined || rightId === undefined || mergedId === undefined) {
      throw new FormatError(`${file}: merge ${rank + 1} ("${left}" + "${right}") names a token that is not in the vocabulary.`, {
        file,
        field: 'model.merges',
      });
    }
    rankOfPair.set(leftId * idRange + rightId, rank);
    idOfRank.push(mergedId);
  }
  return { rankOfPair, idOfRank, idRange };
}

function splitMerge(merge: string): [string, string] {
  const space = merge.indexOf(' ');
  return [merge.slice(0, space), merge.slice(space + 1)];
}

/** One id per character; unknown characters become their bytes, or the unknown token, or nothing. */
function buildSymboliser(json: BpeModelJson, vocab: ReadonlyMap<string, number>, file: string): (piece: string) => number[] {
  const byteIds = json.byte_fallback === true ? byteFallbackIds(vocab) : null;
  const unknownToken = json.unk_token ?? null;
  const unknownId = unknownToken === null ? undefined : vocab.get(unknownToken);
  if (unknownToken !== null && unknownId === undefined) {
    throw new FormatError(`${file}: the unknown token "${unknownToken}" is not in the vocabulary.`, { file, field: 'model.unk_token' });
  }
  return (piece) => {
    const symbols: number[] = [];
    let followsUnknown = false;
    for (const char of piece) {
      const id = vocab.get(char);
      const bytes = id === undefined && byteIds !== null ? utf8Bytes(char).map((byte) => byteIds[byte]) : null;
      if (id !== undefined) {
        symbols.push(id);
      } else if (bytes !== null && bytes.every((byteId) => byteId !== undefined)) {
        symbols.push(...bytes);
      } else if (unknownId !== undefined) {
        if (!followsUnknown || json.fuse_unk !== true) symbols.push(unknownId);
        followsUnknown = true;
        continue;
      }
      followsUnknown = false;
    }
    return symbols;
  };
}

function byteFallbackIds(vocab: ReadonlyMap<string, number>): (number | undefined)[] {
  return Array.from({ length: 256 }, (_, byte) => vocab.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`));
}

function mergeAll(symbols: number[], table: MergeTable): number[] {
  const count = symbols.length;
  if (count < 2) return symbols;
  const next = Int32Array.from(symbols, (_, index) => (index + 1 < count ? index + 1 : -1));
  const previous = Int32Array.from(symbols, (_, index) => index - 1);
  const isMerged = new Uint8Array(count);
  const heap = new MergeHeap();
  const offer = (left: number, right: number): void => {
    const rank = table.rankOfPair.get((symbols[left] as number) * table.idRange + (symbols[right] as number));
    if (rank !== undefined) heap.push(rank * POSITION_RANGE + left);
  };
  for (let index = 0; index + 1 < count; index++) offer(index, index + 1);
  while (!heap.isEmpty) {
    const key = heap.pop();
    const position = key % POSITION_RANGE;
    const mergedId = table.idOfRank[(key - position) / POSITION_RANGE] as number;
    const right = next[position] as number;
    if (isMerged[position] === 1 || right === -1) continue;
    // The entry is stale unless the pair that stands here now still gives the same token (the original's own test).
    const rankNow = table.rankOfPair.get((symbols[position] as number) * table.idRange + (symbols[right] as number));
    if (rankNow === undefined || table.idOfRank[rankNow] !== mergedId) continue;
    symbols[position] = mergedId;
    isMerged[right] = 1;
    const after = next[right] as number;
    next[position] = after;
    if (after !== -1) previous[after] = position;
    const before = previous[position] as number;
    if (before !== -1) offer(before, position);
    if (after !== -1) offer(position, after);
  }
  return symbols.filter((_, index) => isMerged[index] === 0);
}
