/** @file Rows that say the same or the opposite, gathered into groups. */
import { HashIndex } from '#engine/data/similarity/hash-index.ts';
import { NumberColumn } from '#engine/data/similarity/number-column.ts';
import type { RowSigns } from './row-signs.ts';

/** Columns of one number a group; 24 bytes each besides the index. */
export class GroupTable {
  readonly keys = new NumberColumn(Float64Array);
  /** Per side: rows, and the index of the first; −1 where there is none. */
  readonly counts = [new NumberColumn(Uint32Array), new NumberColumn(Uint32Array)] as const;
  readonly firsts = [new NumberColumn(Int32Array), new NumberColumn(Int32Array)] as const;
  readonly #index = new HashIndex();

  /** @param isIn - whether a row takes part */
  constructor(signs: RowSigns, compare: 'near' | 'exact', isIn: (index: number) => boolean) {
    for (let index = 0; index < signs.length; index++) {
      if (!isIn(index)) continue;
      const key = signs.group(index, compare);
      const group = this.#index.findOrAdd(key, this.keys.length);
      if (group === this.keys.length) this.#open(key);
      const side = signs.side(index, compare);
      if (this.counts[side].at(group) === 0) this.firsts[side].set(group, index);
      this.counts[side].add(group, 1);
    }
  }

  get length(): number {
    return this.keys.length;
  }

  find(key: number): number {
    return this.#index.find(key);
  }

  isConflict(group: number): boolean {
    return this.counts[0].at(group) > 0 && this.counts[1].at(group) > 0;
  }

  #open(key: number): void {
    this.keys.push(key);
    for (const column of this.counts) column.push(0);
    for (const column of this.firsts) column.push(-1);
  }
}
