/** @file Records as JSON Lines. */
import type { TableRecord } from './column-survey.ts';

const ENCODER = new TextEncoder();

/** UTF-8, one record a line. */
export async function* writeJsonLines(batches: AsyncIterable<readonly TableRecord[]>): AsyncGenerator<Uint8Array> {
  for await (const records of batches) {
    if (records.length > 0) yield ENCODER.encode(`${records.map((record) => JSON.stringify(record)).join('\n')}\n`);
  }
}
