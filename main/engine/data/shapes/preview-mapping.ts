/** @file Shows what a mapping makes of some records. */
import { ImportError } from '#contract/errors.ts';
import type { Row } from '#engine/data/row.ts';
import type { SourceRecord } from '#engine/data/source-record.ts';
import type { ColumnMapping } from './column-mapping.ts';
import { createRecordReader } from './create-record-reader.ts';
import type { LeftOutReason } from './record-reading.ts';

export interface MappingPreview {
  readonly rows: readonly Row[];
  /** Records that are not as the mapping says. */
  readonly faults: readonly { readonly row: number; readonly column: string | null; readonly message: string }[];
  /** Answers that the mapping leaves out on purpose. */
  readonly leftOut: readonly { readonly row: number; readonly reason: LeftOutReason }[];
}

/** Reads all records; nothing is thrown for a bad one. */
export function previewMapping(mapping: ColumnMapping, records: readonly SourceRecord[], fileName: string): MappingPreview {
  const read = createRecordReader(mapping, fileName);
  const rows: Row[] = [];
  const faults: MappingPreview['faults'][number][] = [];
  const leftOut: MappingPreview['leftOut'][number][] = [];
  for (const record of records) {
    try {
      const reading = read(record);
      rows.push(...reading.rows);
      leftOut.push(...reading.leftOut.map((reason) => ({ row: record.row, reason })));
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      const column = error.details['column'];
      faults.push({ row: record.row, column: typeof column === 'string' ? column : null, message: error.message });
    }
  }
  return { rows, faults, leftOut };
}
