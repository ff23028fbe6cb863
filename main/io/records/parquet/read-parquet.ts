/** @file Reads the rows of a Parquet file in order; a part that is damaged costs its rows and no others. */
import { assembleNested } from 'hyparquet/src/assemble.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import type { RowGroup } from 'hyparquet';
import type { RecordFault } from '#engine/data/source-record.ts';
import { AppError } from '#contract/errors.ts';
import type { BatchBuilder } from '#io/records/batch-builder.ts';
import type { SourceFile } from '#io/records/source-file.ts';
import { MOST_RECORD_TEXT } from '#io/records/text-splitter.ts';
import { DamagedPart, requireSound } from './damaged.ts';
import { LeafReader } from './leaf-reader.ts';
import { BAD_TEXT, LONG_TEXT } from './leaf-values.ts';
import { chunkOf, readTable } from './read-table.ts';
import type { ParquetColumn } from './read-table.ts';

const MOST_BATCH_ROWS = 2000;
const BATCH_BYTES = 4 * 1024 * 1024;
/** Shared by the columns' windows on the file. */
const WINDOW_BYTES = 32 * 1024 * 1024;

/**
 * Fills the batch and yields how much of the file was read whenever it is full. Pages are read one by one, so memory does not
 * depend on the size of the file nor of its groups.
 * @throws {ImportError} if the file's description is missing or damaged
 * @throws {StorageError | CancelledError}
 */
export async function* readParquet(source: SourceFile, batch: BatchBuilder, signal: AbortSignal | undefined): AsyncGenerator<number> {
  const { columns, groups, notes } = await readTable(source, signal);
  for (const note of notes) batch.note(note);
  let row = 0;
  let bytesDone = 0;
  for (const group of groups) {
    const first = row + 1;
    const last = row + Number(group.num_rows);
    const reading = new GroupReader(source, columns, group, signal);
    try {
      while (row < last) {
        const count = Math.min(reading.batchRows, last - row);
        await reading.read(count, row + 1, batch);
        row += count;
        if (batch.isFull) yield bytesDone + reading.bytesRead;
      }
    } catch (error) {
      if (error instanceof AppError) throw error;
      await source.checkUnchanged(); // it may be the reason
      row = Math.max(row, first - 1);
      const what = error instanceof DamagedPart ? `it has ${error.message}` : 'it is damaged';
      const message =
        `${rowsText(row + 1, last)} of ${source.name} can't be read: the part of \`${reading.column}\` there is not as it should be (${what}).` +
        ' Download or copy the file again.';
      batch.fault({ row: row + 1, line: null, column: null, message, expected: 'readable pages', found: what, text: null });
      row = last;
    }
    bytesDone += reading.bytesRead;
  }
  await source.checkUnchanged();
}

function rowsText(first: number, last: number): string {
  return first >= last ? `Row ${first}` : `Rows ${first} to ${last}`;
}

class GroupReader {
  /** Rows for one batch, by the average length of the group's. */
  readonly batchRows: number;
  /** The one that is read at the moment. */
  column = '';
  readonly #columns: readonly ParquetColumn[];
  readonly #source: SourceFile;
  readonly #group: RowGroup;
  readonly #signal: AbortSignal | undefined;
  #leaves: ReadonlyMap<ParquetColumn, readonly LeafReader[]> | null = null;

  constructor(source: SourceFile, columns: readonly ParquetColumn[], group: RowGroup, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#columns = columns;
    this.#group = group;
    this.#signal = signal;
    const bytes = Math.max(1, Number(group.total_byte_size) / Math.max(1, Number(group.num_rows)));
    this.batchRows = Math.max(1, Math.min(MOST_BATCH_ROWS, Math.floor(BATCH_BYTES / bytes)));
  }

  get bytesRead(): number {
    return [...(this.#leaves?.values() ?? [])].flat().reduce((sum, leaf) => sum + leaf.bytesRead, 0);
  }

  /** @param firstRow - 1-based, in the file */
  async read(count: number, firstRow: number, batch: BatchBuilder): Promise<void> {
    this.#leaves ??= this.#open();
    const tables: (readonly unknown[])[] = [];
    let replaced = 0;
    for (const [column, leaves] of this.#leaves) {
      this.column = column.name;
      tables.push(await readColumn(column, leaves, count));
      for (const { parsers } of leaves) {
        replaced += parsers.replaced;
        parsers.replaced = 0;
      }
    }
    const size = Number(this.#group.total_byte_size) / Math.max(1, Number(this.#group.num_rows));
    for (let index = 0; index < count; index++) {
      const row = firstRow + index;
      const bad = replaced === 0 ? null : this.#findBad(tables, index);
      if (bad === null) batch.add({ row, line: null, value: this.#asObject(tables, index) }, size);
      else batch.fault({ row, line: null, column: null, text: null, ...this.#explainBad(row, bad) });
    }
  }

  #open(): ReadonlyMap<ParquetColumn, readonly LeafReader[]> {
    const leafCount = this.#columns.reduce((sum, { leaves }) => sum + leaves.length, 0);
    const windowBytes = Math.max(64 * 1024, Math.min(1024 * 1024, Math.floor(WINDOW_BYTES / leafCount)));
    const open = (column: ParquetColumn) =>
      column.leaves.map((path) => {
        this.column = column.name;
        const chunk = chunkOf(this.#group, path);
        requireSound(chunk !== undefined, 'no values');
        return new LeafReader({ source: this.#source, chunk, path, windowBytes, signal: this.#signal });
      });
    return new Map(this.#columns.map((column) => [column, open(column)]));
  }

  #asObject(tables: readonly (readonly unknown[])[], index: number): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (let at = 0; at < tables.length; at++) record[(this.#columns[at] as ParquetColumn).name] = tables[at]?.[index];
    return record;
  }

  #findBad(tables: readonly (readonly unknown[])[], index: number): { column: string; isLong: boolean } | null {
    for (const [at, { name: column }] of this.#columns.entries()) {
      const value = tables[at]?.[index];
      if (holds(value, BAD_TEXT)) return { column, isLong: false };
      if (holds(value, LONG_TEXT)) return { column, isLong: true };
    }
    return null;
  }

  #explainBad(row: number, { column, isLong }: { column: string; isLong: boolean }): Pick<RecordFault, 'message' | 'expected' | 'found'> {
    const found = isLong ? `a text longer than ${MOST_RECORD_TEXT} in \`${column}\`` : `bytes in \`${column}\` that are not UTF-8 text`;
    const message = `Row ${row} of ${this.#source.name} has ${found}. ${isLong ? 'Split' : 'Repair'} or remove that row.`;
    return { message, expected: isLong ? `at most ${MOST_RECORD_TEXT}` : 'UTF-8 text', found };
  }
}

async function readColumn({ name, tree }: ParquetColumn, leaves: readonly LeafReader[], count: number): Promise<readonly unknown[]> {
  const parts = new Map<string, unknown[]>();
  const paths = leafPaths(tree);
  for (const [index, leaf] of leaves.entries()) parts.set(paths[index] ?? name, await leaf.take(count));
  if (tree.children.length === 0) return asLists(parts.get(name) ?? [], tree.element.repetition_type === 'REPEATED');
  assembleNested(parts, tree, DEFAULT_PARSERS);
  const values = parts.get(name);
  requireSound(values?.length === count, 'parts that do not fit together');
  return values.map(withNulls);
}

function leafPaths(tree: ParquetColumn['tree']): readonly string[] {
  return tree.children.length === 0 ? [tree.path.join('.')] : tree.children.flatMap(leafPaths);
}

function asLists(values: readonly unknown[], isRepeated: boolean): readonly unknown[] {
  return isRepeated ? values.map((value) => value ?? []) : values;
}

/** JSON knows null only. */
function withNulls(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(withNulls);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNulls(item)]));
}

function holds(value: unknown, mark: symbol): boolean {
  if (value === mark) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((item) => holds(item, mark));
}
