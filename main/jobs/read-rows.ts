/** @file Reads a dataset file into validated rows; a bad row stops the job or is left out and listed, as the person chose. */
import { basename } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import { createRowParser } from '#engine/data/row-parser.ts';
import type { Row } from '#engine/data/row.ts';
import { readJsonRows } from '#io/jsonl-file.ts';

export interface ReadRows {
  readonly rows: readonly Row[];
  /** One sentence per row that was left out. */
  readonly skipped: readonly string[];
}

export interface ReadRowsOptions {
  readonly badRows: 'skip' | 'stop';
  readonly signal?: AbortSignal;
  readonly onProgress?: (rows: number) => void;
}

const ROWS_PER_PROGRESS = 1000;

/**
 * @throws {ImportError} at the first bad row (unless they are skipped), or if no row is left
 * @throws {StorageError | CancelledError}
 */
export async function readRows(file: string, { badRows, signal, onProgress }: ReadRowsOptions): Promise<ReadRows> {
  const parse = createRowParser(basename(file));
  const rows: Row[] = [];
  const skipped: string[] = [];
  for await (const { line, value } of readJsonRows(file, signal ? { signal } : {})) {
    try {
      rows.push(parse(value, line));
    } catch (error) {
      if (badRows === 'stop' || !(error instanceof ImportError)) throw error;
      skipped.push(error.message);
    }
    if ((rows.length + skipped.length) % ROWS_PER_PROGRESS === 0) onProgress?.(rows.length + skipped.length);
  }
  if (rows.length === 0) {
    throw new ImportError(
      `${basename(file)} has no row that can be used: all ${skipped.length} were skipped. The first: ${skipped[0] ?? ''}`,
      { file },
    );
  }
  return { rows, skipped };
}
