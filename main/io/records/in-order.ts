/** @file Records and faults of a batch as they follow each other in the file. */
import type { RecordFault, SourceRecord } from '#engine/data/source-record.ts';

/** Both are in order already; a fault of the same row comes after its record. */
export function* inOrder(records: readonly SourceRecord[], faults: readonly RecordFault[]): Generator<SourceRecord | RecordFault> {
  let next = 0;
  for (const record of records) {
    for (let fault = faults[next]; fault !== undefined && fault.row < record.row; fault = faults[next]) {
      yield fault;
      next++;
    }
    yield record;
  }
  yield* faults.slice(next);
}
