/** @file What cleaning remembers of a row: hashes and flags, no text. */
import type { Row } from '#engine/data/row.ts';
import { NumberColumn } from '#engine/data/similarity/number-column.ts';
import { answerKeys, promptKey } from '#engine/data/similarity/row-keys.ts';
import type { PartKey } from '#engine/data/similarity/row-keys.ts';
import { combineHashes } from '#engine/data/similarity/text-hash.ts';

const SIDE = 1;
const EMPTY = 2;
const SAME = 4;
const NEARLY_SAME = 8;
const EXAMPLE = 16;

/**
 * Rows of one group say the same or the opposite: an example's group is its prompt and completion, its side the label; a pair's group is
 * its prompt and both answers in any order, its side which of them was chosen. 18 bytes a row.
 */
export class RowSigns {
  readonly #groups = { near: new NumberColumn(Float64Array), exact: new NumberColumn(Float64Array) };
  readonly #flags = { near: new NumberColumn(Uint8Array), exact: new NumberColumn(Uint8Array) };

  get length(): number {
    return this.#groups.exact.length;
  }

  add(row: Row): void {
    const prompt = promptKey(row);
    const answers = answerKeys(row);
    for (const compare of ['near', 'exact'] as const) {
      const { group, flags } = signsOf(row, { prompt, answers, compare });
      this.#groups[compare].push(group);
      this.#flags[compare].push(flags);
    }
  }

  group(index: number, compare: 'near' | 'exact'): number {
    return this.#groups[compare].at(index);
  }

  /** 0 for the first side (desirable), 1 for the second. */
  side(index: number, compare: 'near' | 'exact'): 0 | 1 {
    return this.#has(index, SIDE, compare) ? 1 : 0;
  }

  hasEmptyAnswer(index: number): boolean {
    return this.#has(index, EMPTY, 'exact');
  }

  /** Of a pair: chosen and rejected are equal, or equal after normalisation. */
  sameAnswers(index: number): 'exact' | 'near' | null {
    if (this.#has(index, SAME, 'exact')) return 'exact';
    return this.#has(index, NEARLY_SAME, 'exact') ? 'near' : null;
  }

  isExample(index: number): boolean {
    return this.#has(index, EXAMPLE, 'exact');
  }

  /** Whether two rows of one group and side are equal to the letter. */
  areEqual(first: number, second: number): boolean {
    return this.group(first, 'exact') === this.group(second, 'exact') && this.side(first, 'exact') === this.side(second, 'exact');
  }

  #has(index: number, flag: number, compare: 'near' | 'exact'): boolean {
    return (this.#flags[compare].at(index) & flag) !== 0;
  }
}

function signsOf(
  row: Row,
  { prompt, answers, compare }: { readonly prompt: PartKey; readonly answers: readonly PartKey[]; readonly compare: 'near' | 'exact' },
): { group: number; flags: number } {
  const [first, second] = answers as [PartKey, PartKey | undefined];
  const flags = answers.some(({ isEmpty }) => isEmpty) ? EMPTY : 0;
  if (row.kind === 'example') {
    return { group: combineHashes(prompt[compare], first[compare]), flags: flags | EXAMPLE | (row.label ? 0 : SIDE) };
  }
  const [chosen, rejected] = [first[compare], (second as PartKey)[compare]];
  const group = combineHashes(prompt[compare], combineHashes(Math.min(chosen, rejected), Math.max(chosen, rejected)));
  const same = first.exact === second?.exact ? SAME : first.near === second?.near ? NEARLY_SAME : 0;
  return { group, flags: flags | same | (chosen < rejected ? 0 : SIDE) };
}
