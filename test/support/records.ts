/** @file All that a data file gives, for tests of its readers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ImportError } from '#contract/errors.ts';
import type { RecordFault, SourceRecord } from '#engine/data/source-record.ts';
import { readRecords } from '#io/records/read-records.ts';
import type { ReadRecordsOptions } from '#io/records/read-records.ts';

export interface Collected {
  readonly records: readonly SourceRecord[];
  readonly values: readonly unknown[];
  readonly faults: readonly RecordFault[];
  readonly messages: readonly string[];
  readonly notes: readonly string[];
}

export async function collectRecords(file: string, options: ReadRecordsOptions = {}): Promise<Collected> {
  const records: SourceRecord[] = [];
  const faults: RecordFault[] = [];
  const notes: string[] = [];
  for await (const batch of readRecords(file, options)) {
    for (const record of batch.records) records.push(record);
    for (const fault of batch.faults) faults.push(fault);
    notes.push(...batch.notes);
  }
  return { records, values: records.map(({ value }) => value), faults, messages: faults.map(({ message }) => message), notes };
}

/** Writes the file into the folder and reads it. */
export async function readContent(
  folder: string,
  name: string,
  content: string | Uint8Array,
  options: ReadRecordsOptions = {},
): Promise<Collected> {
  const file = join(folder, name);
  await writeFile(file, content);
  return collectRecords(file, options);
}

/** The message with which the file is refused as a whole. */
export async function refusalOfFile(folder: string, name: string, content: string | Uint8Array): Promise<string> {
  const error: unknown = await readContent(folder, name, content).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ImportError);
  return (error as ImportError).message;
}
