/** @file The bad rows of an import: all of them counted, the first of them kept for the person to look at and repair. */
import type { BadRow } from './bad-row.ts';

/** More nobody repairs one by one; each is kept with its text. */
export const MOST_LISTED = 1000;

export interface BadRows {
  readonly count: number;
  /** The first ones, at most a thousand. */
  readonly listed: readonly BadRow[];
}

export class BadRowList implements BadRows {
  readonly listed: BadRow[] = [];
  count: number;

  /** @param unlisted - found before, and not to be listed */
  constructor(unlisted = 0) {
    this.count = unlisted;
  }

  get isFull(): boolean {
    return this.listed.length >= MOST_LISTED;
  }

  add(badRow: BadRow): void {
    this.count++;
    if (!this.isFull) this.listed.push(badRow);
  }
}
