/** @file Reads back the table of bad rows after a person has repaired records in it. */
import { ImportError } from '#contract/errors.ts';
import { readRecords } from '#io/records/read-records.ts';
import type { BadRow, RowFix } from './bad-row.ts';

/**
 * The fixes for those of the bad rows whose record is filled in.
 * @param file - as saveBadRows wrote it; lines may be missing
 * @throws {ImportError} if it is another table
 * @throws {StorageError | CancelledError}
 */
export async function readRepaired(file: string, badRows: readonly BadRow[], signal?: AbortSignal): Promise<readonly RowFix[]> {
  const records = new Map<string, string>();
  for await (const batch of readRecords(file, signal ? { signal } : {})) {
    for (const { value, row } of batch.records) {
      const { file: name, row: number, record } = value as Record<string, unknown>;
      if (typeof name !== 'string' || typeof record !== 'string' || Number.isNaN(Number(number))) {
        throw new ImportError(`Row ${row} of ${file} has not the columns \`file\`, \`row\` and \`record\` of a table of bad rows.`, {
          file,
          row,
        });
      }
      if (record.trim() !== '') records.set(`${name} ${Number(number)}`, record);
    }
  }
  return badRows.flatMap(({ file: name, row, fileIndex }) => {
    const text = records.get(`${name} ${row}`);
    return text === undefined ? [] : [{ fileIndex, row, text }];
  });
}
