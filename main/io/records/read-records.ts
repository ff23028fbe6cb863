/** @file The way from any data file to records: what it is, its bytes, its text, its records, in batches. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ImportError } from '#contract/errors.ts';
import type { RecordBatch } from '#engine/data/source-record.ts';
import { BatchBuilder } from './batch-builder.ts';
import { CsvSplitter } from './csv-splitter.ts';
import { detectContent } from './detect-format.ts';
import type { DetectedContent, DetectOptions } from './detect-format.ts';
import { JsonLinesSplitter } from './json-lines.ts';
import { JsonListSplitter } from './json-list.ts';
import { JsonSingleSplitter } from './json-single.ts';
import { readParquet } from './parquet/read-parquet.ts';
import { openSourceFile } from './source-file.ts';
import type { SourceFile } from './source-file.ts';
import { ChunkDecoder } from './text-decoder.ts';
import type { TextSplitter } from './text-splitter.ts';

export type ReadRecordsOptions = DetectOptions;

/**
 * Reads JSON Lines, JSON (one list; an object around one list such as {"data": [...]}; else one object as one record), CSV, TSV
 * and Parquet, the text formats also packed with gzip. Memory stays flat: a batch holds about 2,000 records or 4 MB.
 *
 * A record that can't be read is a fault of its batch, and reading goes on; so does a part of the file in which no record can be
 * found. Strings of CSV share memory with the text around them: copy what is kept of few rows for long.
 * @throws {ImportError} before the first batch, if the file is no data file or has no records at all
 * @throws {StorageError} if it can't be read, or changes meanwhile
 * @throws {CancelledError} if `signal` is aborted, within the time that one batch takes
 */
export async function* readRecords(file: string, options: ReadRecordsOptions = {}): AsyncGenerator<RecordBatch> {
  const source = await openSourceFile(file);
  try {
    const batch = new BatchBuilder();
    const content = await detectContent(source, options);
    for (const note of content.shown.notes) batch.note(note);
    const readings = content.kind === 'parquet' ? readParquet(source, batch, options.signal) : readText(source, batch, content);
    for await (const bytesDone of untilBroken(readings, source, batch)) {
      yield batch.take(bytesDone, source.bytesTotal);
      // Whoever cancels must have a turn, even where one read of the file gives many batches.
      await nextTurn();
      source.throwIfCancelled(options.signal);
    }
    if (batch.found === 0) throw new ImportError(`${source.name} ${emptiness(content)}. Choose a file with rows.`, { file });
    if (!batch.isEmpty) yield batch.take(source.bytesTotal, source.bytesTotal);
  } finally {
    await source.close();
  }
}

/** Fills the batch and yields how much of the file was read whenever it is full. */
async function* readText(source: SourceFile, batch: BatchBuilder, content: DetectedContent & { kind: 'text' }): AsyncGenerator<number> {
  const splitter = createSplitter(source, batch, content);
  const decoder = new ChunkDecoder(content.encoding.encoding);
  let mark = content.encoding.markBytes;
  for await (const chunk of content.chunks) {
    for (const _ of splitter.push(decoder.push(chunk.subarray(mark)))) yield source.bytesDone;
    mark = 0;
  }
  for (const _ of splitter.push(decoder.end())) yield source.bytesDone;
  for (const _ of splitter.end()) yield source.bytesDone;
}

function createSplitter(source: SourceFile, batch: BatchBuilder, content: DetectedContent & { kind: 'text' }): TextSplitter {
  const { shown, json, newline, delimiter } = content;
  if (shown.format === 'csv' || shown.format === 'tsv') return new CsvSplitter(source, batch, { delimiter, newline });
  if (json.kind === 'lines') return new JsonLinesSplitter(source.name, batch, newline);
  if (json.kind === 'single') return new JsonSingleSplitter(source.name, batch);
  return new JsonListSplitter(source.name, batch, { isMember: json.kind === 'member', skip: json.kind === 'member' ? json.skip : 0 });
}

/** What makes the rest of the file unreadable is the last fault, if there was anything before it. */
async function* untilBroken(readings: AsyncGenerator<number>, source: SourceFile, batch: BatchBuilder): AsyncGenerator<number> {
  try {
    yield* readings;
  } catch (error) {
    if (!(error instanceof ImportError) || batch.found === 0) throw error;
    await source.checkUnchanged();
    const row = Number(error.details['row'] ?? batch.found + 1);
    const parts = { expected: 'the rest of the file', found: 'a part that can not be read', text: null };
    batch.fault({ row, line: null, column: null, message: error.message, ...parts });
  }
}

function emptiness(content: DetectedContent): string {
  if (content.kind === 'parquet') return 'has no rows';
  const isTable = content.shown.format === 'csv' || content.shown.format === 'tsv';
  return isTable ? 'has names of columns, but no rows' : 'holds an empty list';
}
