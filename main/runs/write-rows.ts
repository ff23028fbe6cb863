/** @file The rows of a run as files, because its process has no store: JSON Lines under the names that `prospect train` reads. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeStreamAtomically } from '#io/atomic-write.ts';
import type { StoredRow } from '#store/row-columns.ts';
import { iterateRows } from '#store/rows.ts';
import { getSplit, iterateSplitRows } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { rowJson } from './row-json.ts';

/** Some 20 ms of work, after which everything else has its turn. */
const ROWS_A_CHUNK = 2000;

export interface RowFiles {
  readonly dataFile: string;
  /** Null without a split, or if it holds nothing out. */
  readonly evalDataFile: string | null;
}

export interface RowSource {
  readonly versionId: number;
  readonly splitId: number | null;
}

export function rowFilesIn(folder: string, hasEvaluation: boolean): RowFiles {
  return { dataFile: join(folder, 'rows.jsonl'), evalDataFile: hasEvaluation ? join(folder, 'eval-rows.jsonl') : null };
}

/**
 * Versions and splits never change, so files that are there already are right.
 * @param onProgress - told how many rows were written
 * @throws {StoreError} `not-found` if the version was deleted
 * @throws {StorageError | CancelledError}
 */
export async function writeRows(
  store: Store,
  { versionId, splitId }: RowSource,
  options: { readonly folder: string; readonly signal: AbortSignal; readonly onProgress: (rows: number) => void },
): Promise<RowFiles> {
  const split = splitId === null ? null : getSplit(store, splitId);
  const files = rowFilesIn(options.folder, split !== null && split.heldOutCount > 0);
  const write = async (file: string, rows: Iterable<StoredRow>): Promise<void> => {
    if (!existsSync(file)) await writeStreamAtomically(file, linesOf(rows, options.onProgress), { signal: options.signal });
  };
  // Evaluation first: where the training rows are, everything is.
  if (split && files.evalDataFile !== null) await write(files.evalDataFile, iterateSplitRows(store, split.id, 'held-out'));
  await write(files.dataFile, split ? iterateSplitRows(store, split.id, 'train') : iterateRows(store, versionId));
  return files;
}

function* linesOf(rows: Iterable<StoredRow>, onProgress: (rows: number) => void): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let lines: string[] = [];
  let count = 0;
  for (const row of rows) {
    lines.push(`${JSON.stringify(rowJson(row))}\n`);
    count++;
    if (lines.length < ROWS_A_CHUNK) continue;
    yield encoder.encode(lines.join(''));
    onProgress(count);
    lines = [];
  }
  yield encoder.encode(lines.join(''));
  onProgress(count);
}
