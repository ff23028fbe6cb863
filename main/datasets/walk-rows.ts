/** @file Goes through the rows of a version by batches, between which other work has its turn. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CancelledError } from '#contract/errors.ts';
import type { Row } from '#engine/data/row.ts';
import { requireVersion } from '#store/datasets.ts';
import type { StoredRow } from '#store/row-columns.ts';
import { iterateRows } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { fromStoredRow } from './row-texts.ts';
import { ProgressMeter, type WorkOptions } from './work-progress.ts';

export interface WalkedRow {
  readonly stored: StoredRow;
  readonly row: Row;
  /** In the version, from 0. */
  readonly index: number;
}

/** Some 10 ms of work on short rows. */
const MOST_ROWS = 500;
const MOST_CHARACTERS = 1024 * 1024;

/**
 * Rows are numbered from 1 in their version, which is what messages and reports then say.
 * @throws {StoreError} `not-found`
 * @throws {CancelledError}
 */
export async function* walkRows<Stage extends string>(
  store: Store,
  versionId: number,
  { stage, options }: { readonly stage: Stage; readonly options: WorkOptions<Stage> },
): AsyncGenerator<readonly WalkedRow[]> {
  const { rowCount } = requireVersion(store, versionId);
  const meter = new ProgressMeter(stage, options);
  let batch: WalkedRow[] = [];
  let characters = 0;
  let index = 0;
  for (const stored of iterateRows(store, versionId)) {
    batch.push({ stored, row: fromStoredRow(stored, index + 1), index });
    index++;
    characters += stored.prompt.length + stored.completion.length + (stored.rejected?.length ?? 0);
    if (batch.length < MOST_ROWS && characters < MOST_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
    await nextTurn();
    if (options.signal?.aborted === true) throw new CancelledError();
    meter.report(index, index / rowCount);
  }
  if (batch.length > 0) yield batch;
  meter.report(index, 1);
}
