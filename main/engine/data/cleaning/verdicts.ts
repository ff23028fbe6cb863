/** @file What becomes of each row when a dataset is cleaned. */
import { InternalError } from '#contract/errors.ts';

/** Why a row is left out. */
export type LeftOutReason = 'empty-answer' | 'same-answers' | 'nearly-same-answers' | 'conflict';

/** Rows by index, from 0. */
export type Verdict =
  | { readonly verdict: 'keep' }
  | { readonly verdict: 'merged'; readonly into: number; readonly match: 'exact' | 'near' }
  | { readonly verdict: 'left-out'; readonly reason: LeftOutReason }
  /** The person is asked; out until then. */
  | { readonly verdict: 'pending' };

/** As stored: one byte a row. */
export type VerdictCode = 'keep' | 'merged-exact' | 'merged-near' | LeftOutReason | 'pending';

export const VERDICT_CODES: readonly VerdictCode[] = [
  'keep',
  'merged-exact',
  'merged-near',
  'empty-answer',
  'same-answers',
  'nearly-same-answers',
  'conflict',
  'pending',
];

/** One verdict a row, in 5 bytes. */
export class Verdicts {
  readonly #codes: Uint8Array;
  readonly #targets: Int32Array;

  constructor(rowCount: number) {
    this.#codes = new Uint8Array(rowCount);
    this.#targets = new Int32Array(rowCount);
  }

  get length(): number {
    return this.#codes.length;
  }

  /** @param target - the row that is kept instead, where there is one */
  set(index: number, code: VerdictCode, target = index): void {
    this.#codes[index] = VERDICT_CODES.indexOf(code);
    this.#targets[index] = target;
  }

  codeOf(index: number): VerdictCode {
    const code = VERDICT_CODES[this.#codes[index] ?? -1];
    if (code === undefined) throw new InternalError(`There is no verdict on row index ${index} of ${this.length}.`, { index });
    return code;
  }

  isKept(index: number): boolean {
    return this.#codes[index] === 0;
  }

  /** The row that is kept in place of a merged one; otherwise the row itself. */
  keptIndex(index: number): number {
    return this.#targets[index] as number;
  }

  of(index: number): Verdict {
    const code = this.codeOf(index);
    switch (code) {
      case 'keep':
      case 'pending':
        return { verdict: code };
      case 'merged-exact':
      case 'merged-near':
        return { verdict: 'merged', into: this.keptIndex(index), match: code === 'merged-exact' ? 'exact' : 'near' };
      default:
        return { verdict: 'left-out', reason: code };
    }
  }
}

/**
 * The rows that are kept, in their order; reads them one by one.
 * @throws {InternalError} if there are not as many rows as verdicts
 */
export function* applyVerdicts<R>(rows: Iterable<R>, verdicts: Verdicts): Generator<R, void, undefined> {
  let index = 0;
  for (const row of rows) {
    if (index < verdicts.length && verdicts.isKept(index)) yield row;
    index++;
  }
  if (index !== verdicts.length) {
    throw new InternalError(`${verdicts.length} verdicts came with ${index} rows.`, { verdicts: verdicts.length, rows: index });
  }
}
