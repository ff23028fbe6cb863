/** @file Reads a dataset file into validated rows; a bad row stops the job or is left out and listed, as the person chose. */
import { basename } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import { createRowParser } from '#engine/data/row-parser.ts';
import type { Row } from '#engine/data/row.ts';
import type { RecordFault } from '#engine/data/source-record.ts';
import { inOrder } from '#io/records/in-order.ts';
import { readRecords } from '#io/records/read-records.ts';

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
  const take = (read: () => Row): void => {
    try {
      rows.push(read());
    } catch (error) {
      if (badRows === 'stop' || !(error instanceof ImportError)) throw error;
      skipped.push(error.message);
    }
    if ((rows.length + skipped.length) % ROWS_PER_PROGRESS === 0) onProgress?.(rows.length + skipped.length);
  };
  for await (const { records, faults } of readRecords(file, signal ? { signal } : {})) {
    for (const item of inOrder(records, faults)) {
      take(() => {
        if ('value' in item) return parse(item.value, item.row);
        throw faultError(item, file);
      });
    }
  }
  if (rows.length === 0) {
    throw new ImportError(
      `${basename(file)} has no row that can be used: all ${skipped.length} were skipped. The first: ${skipped[0] ?? ''}`,
      { file },
    );
  }
  return { rows, skipped };
}

function faultError({ message, row, column }: RecordFault, file: string): ImportError {
  return new ImportError(message, { file, row, ...(column === null ? {} : { column: String(column) }) });
}
