/** @file The description at the end of a Parquet file: its columns, and where their parts lie. */
import { parquetMetadata, parquetSchema } from 'hyparquet';
import type { ColumnMetaData, FileMetaData, RowGroup, SchemaTree } from 'hyparquet';
import { ImportError } from '#contract/errors.ts';
import type { SourceFile } from '#io/records/source-file.ts';
import { MOST_COLUMNS } from '#io/records/text-splitter.ts';

/** A column as a person sees it; nested ones have several leaves. */
export interface ParquetColumn {
  readonly name: string;
  readonly tree: SchemaTree;
  /** The root, then down to the leaf. */
  readonly leaves: readonly (readonly SchemaTree[])[];
}

export interface ParquetTable {
  readonly columns: readonly ParquetColumn[];
  readonly groups: readonly RowGroup[];
  /** Columns that are left out, one sentence each. */
  readonly notes: readonly string[];
}

const MAGIC = 'PAR1';
const TAIL_BYTES = 8;
const MOST_ROWS = Number.MAX_SAFE_INTEGER;
/** Kinds of values that no text model is trained on. */
const LEFT_OUT: ReadonlySet<string> = new Set(['BSON', 'INTERVAL', 'GEOMETRY', 'GEOGRAPHY', 'VARIANT']);

/**
 * @throws {ImportError} if it is cut off or damaged
 * @throws {StorageError | CancelledError}
 */
export async function readTable(source: SourceFile, signal?: AbortSignal): Promise<ParquetTable> {
  const refuse = (problem: string, cause?: unknown): ImportError =>
    new ImportError(`${source.name} ${problem}. Download or copy it again.`, { file: source.file }, { cause });
  if (source.bytesTotal < TAIL_BYTES + MAGIC.length) throw refuse('begins like a Parquet file, but is cut off');
  const tail = await source.read(source.bytesTotal - TAIL_BYTES, TAIL_BYTES, signal);
  if (tail.toString('latin1', 4) !== MAGIC)
    throw refuse('begins like a Parquet file, but is cut off: the description at its end is missing');
  const length = tail.readUInt32LE(0);
  if (length > source.bytesTotal - TAIL_BYTES - MAGIC.length)
    throw refuse('is a damaged Parquet file: its description is longer than the file');
  const footer = await source.read(source.bytesTotal - TAIL_BYTES - length, length + TAIL_BYTES, signal);
  let metadata: FileMetaData;
  let columns: readonly ParquetColumn[];
  try {
    metadata = parquetMetadata(footer, { geoparquet: false });
    columns = parquetSchema(metadata).children.map((tree) => ({
      name: tree.element.name,
      tree,
      leaves: leavesOf([parquetSchema(metadata), tree]),
    }));
    checkGroups(metadata, columns, source.bytesTotal);
  } catch (error) {
    throw refuse("is a damaged Parquet file: its description can't be read", error);
  }
  if (columns.length > MOST_COLUMNS) {
    throw new ImportError(`${source.name} has ${columns.length} columns where at most ${MOST_COLUMNS} are expected. Remove some.`, {
      file: source.file,
    });
  }
  const kept = columns.filter((column) => leftOutKind(column) === null);
  const notes = columns.flatMap((column) => {
    const kind = leftOutKind(column);
    return kind === null ? [] : [`The column \`${column.name}\` of ${source.name} is left out: it holds ${kind} values.`];
  });
  if (kept.length === 0)
    throw new ImportError(`${source.name} has no column that can be read. Save it with text columns.`, { file: source.file });
  return { columns: kept, groups: metadata.row_groups, notes };
}

/** The part of a group that holds one leaf; undefined where the file lacks it. */
export function chunkOf(group: RowGroup, path: readonly SchemaTree[]): ColumnMetaData | undefined {
  const wanted = path.at(-1)?.path ?? [];
  const isWanted = (names: readonly string[]) => names.length === wanted.length && names.every((name, index) => name === wanted[index]);
  return group.columns.find(({ meta_data: meta }) => meta !== undefined && isWanted(meta.path_in_schema))?.meta_data;
}

/** Where the pages of a leaf lie: first and last byte. */
export function rangeOf(chunk: ColumnMetaData): { readonly start: number; readonly end: number } {
  const data = Number(chunk.data_page_offset);
  const dictionary = Number(chunk.dictionary_page_offset ?? 0);
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  return { start, end: start + Number(chunk.total_compressed_size) };
}

function leavesOf(path: readonly SchemaTree[]): readonly (readonly SchemaTree[])[] {
  const node = path.at(-1) as SchemaTree;
  return node.children.length === 0 ? [path] : node.children.flatMap((child) => leavesOf([...path, child]));
}

function checkGroups(metadata: FileMetaData, columns: readonly ParquetColumn[], bytesTotal: number): void {
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    if (!(rows >= 0 && rows <= MOST_ROWS)) throw new RangeError('number of rows');
    for (const path of columns.flatMap(({ leaves }) => leaves)) {
      const chunk = chunkOf(group, path);
      if (chunk === undefined) throw new RangeError('missing column');
      const { start, end } = rangeOf(chunk);
      if (!(start >= MAGIC.length && end >= start && end <= bytesTotal)) throw new RangeError('position of a column');
    }
  }
}

function leftOutKind({ leaves }: ParquetColumn): string | null {
  for (const { element } of leaves.flat()) {
    const kind = [element.converted_type, element.logical_type?.type].find((type) => type !== undefined && LEFT_OUT.has(type));
    if (kind !== undefined) return kind;
  }
  return null;
}
