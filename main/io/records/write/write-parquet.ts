/** @file Records as a Parquet file (snappy), as the `datasets` library reads it. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet';
import { cellText, type TableColumn, type TableColumnType, type TableRecord } from './column-survey.ts';

/** A group is in memory as a whole; readers want few of them. */
const GROUP_ROWS = 10_000;
const GROUP_CHARACTERS = 32 * 1024 * 1024;

/** @param columns - at least one; as a {@link ColumnSurvey} of all records gives them */
export async function* writeParquet(
  batches: AsyncIterable<readonly TableRecord[]>,
  columns: readonly TableColumn[],
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: 'Prospect' });
  let group: TableRecord[] = [];
  let characters = 0;
  for await (const records of batches) {
    for (const record of records) {
      group.push(record);
      for (const { name } of columns) characters += sizeOf(record[name]);
      if (group.length < GROUP_ROWS && characters < GROUP_CHARACTERS) continue;
      yield* writeGroup({ writer, bytes, group, columns });
      group = [];
      characters = 0;
    }
  }
  if (group.length > 0) yield* writeGroup({ writer, bytes, group, columns });
  await writer.finish();
  yield take(bytes);
}

interface Group {
  readonly writer: ParquetWriter;
  readonly bytes: ByteWriter;
  readonly group: readonly TableRecord[];
  readonly columns: readonly TableColumn[];
}

function* writeGroup({ writer, bytes, group, columns }: Group): Generator<Uint8Array> {
  const columnData = columns.map(({ name, type }) => ({ name, data: group.map((record) => CELLS[type](record[name])) }));
  void writer.write({ columnData, rowGroupSize: group.length });
  yield take(bytes);
}

/** A copy, for what is written next overwrites it. */
function take(bytes: ByteWriter): Uint8Array {
  const taken = bytes.getBytes().slice();
  bytes.index = 0;
  return taken;
}

const CELLS: { readonly [Type in TableColumnType]: (value: unknown) => unknown } = {
  text: (value) => (value === undefined ? null : cellText(value)),
  boolean: (value) => value ?? null,
  ids: (value) => value ?? null,
  messages: (value) => value ?? null,
};

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;

function schemaOf(columns: readonly TableColumn[]): SchemaElement[] {
  return [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(({ name, type }) => elementsOf(name, type))];
}

function elementsOf(name: string, type: TableColumnType): SchemaElement[] {
  const optional = { repetition_type: 'OPTIONAL' } as const;
  const list: readonly SchemaElement[] = [
    { name, ...optional, converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ];
  switch (type) {
    case 'text':
      return [{ name, ...TEXT, ...optional }];
    case 'boolean':
      return [{ name, type: 'BOOLEAN', ...optional }];
    case 'ids':
      return [...list, { name: 'element', type: 'INT32', ...optional }];
    case 'messages':
      return [
        ...list,
        { name: 'element', ...optional, num_children: 2 },
        { name: 'role', ...TEXT, ...optional },
        { name: 'content', ...TEXT, ...optional },
      ];
    default:
      return type satisfies never;
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (!Array.isArray(value)) return 8;
  return value.reduce((sum: number, item: unknown) => sum + (typeof item === 'number' ? 4 : cellText(item).length), 0);
}
