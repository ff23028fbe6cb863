/** @file Parquet files of every codec, with nested columns and missing values, whole and damaged. */
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ColumnSource } from 'hyparquet-writer';
import { beforeAll, expect, test } from 'vitest';
import { ColumnSurvey, type TableRecord } from '#io/records/write/column-survey.ts';
import { writeParquet } from '#io/records/write/write-parquet.ts';
import { readContent, refusalOfFile } from '#test/support/records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

const ROWS = Array.from({ length: 5000 }, (_, at) => ({ prompt: `Frage ${at} 😀`, completion: `Answer ${at % 7}`, label: at % 2 === 0 }));
const columns = (rows: typeof ROWS): ColumnSource[] => [
  { name: 'prompt', data: rows.map(({ prompt }) => prompt), type: 'STRING' },
  { name: 'completion', data: rows.map(({ completion }) => completion), type: 'STRING' },
  { name: 'label', data: rows.map(({ label }) => label), type: 'BOOLEAN' },
];
const CODECS = {
  UNCOMPRESSED: (bytes: Uint8Array) => bytes,
  GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)),
  ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes)),
};

async function written(records: readonly TableRecord[], order: readonly string[]): Promise<Buffer> {
  const survey = new ColumnSurvey();
  for (const record of records) survey.add(record);
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeParquet(
    (async function* batches() {
      yield records;
    })(),
    survey.columns(order),
  ))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}

test.each(['SNAPPY', 'UNCOMPRESSED', 'GZIP', 'ZSTD'] as const)('compressed as %s, in several groups', async (codec) => {
  const bytes = parquetWriteBuffer({ columnData: columns(ROWS), codec, compressors: CODECS, rowGroupSize: 1700 });
  const { values, faults, notes } = await readContent(folder, 'rows.parquet', new Uint8Array(bytes));
  expect(values).toEqual(ROWS);
  expect({ faults, notes }).toEqual({ faults: [], notes: [] });
});

test('whatever its name says', async () => {
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData: columns(ROWS.slice(0, 3)) }));
  const { values, notes } = await readContent(folder, 'rows.csv', bytes);
  expect(values).toHaveLength(3);
  expect(notes).toEqual(['rows.csv holds Parquet, whatever its name says, and was read as that.']);
  expect((await readContent(folder, 'rows', bytes)).values).toHaveLength(3);
});

test('lists of messages, lists of ids, and values that are missing', async () => {
  const records = [
    {
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Ho' },
      ],
      ids: [1, 2, 151_000],
      label: true,
    },
    { messages: [{ role: 'user', content: null }], ids: [], label: null },
    { messages: null, ids: null, label: false },
  ];
  const filled = records.map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)));
  const { values, faults } = await readContent(folder, 'nested.parquet', await written(filled, ['messages', 'ids', 'label']));
  expect(faults).toEqual([]);
  expect(values).toEqual(records);
});

test('times and bytes are text', async () => {
  const columnData: ColumnSource[] = [
    { name: 'at', data: [new Date(0), null], type: 'TIMESTAMP' },
    { name: 'picture', data: [Uint8Array.of(1, 255, 0), Uint8Array.of(254)], type: 'BYTE_ARRAY' },
  ];
  const { values } = await readContent(folder, 'rows.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
  expect(values).toEqual([
    { at: '1970-01-01T00:00:00.000Z', picture: 'Af8A' },
    { at: null, picture: '/g==' },
  ]);
});

test('rows are numbered from 1, without lines', async () => {
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData: columns(ROWS), rowGroupSize: 100 }));
  const { records } = await readContent(folder, 'rows.parquet', bytes);
  expect(records.map(({ row }) => row)).toEqual(ROWS.map((_, at) => at + 1));
  expect(new Set(records.map(({ line }) => line))).toEqual(new Set([null]));
});

test('a file that is cut off or has a damaged end is refused', async () => {
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData: columns(ROWS) }));
  for (const content of [bytes.subarray(0, bytes.length / 2), bytes.subarray(0, bytes.length - 1), bytes.subarray(0, 6)]) {
    expect(await refusalOfFile(folder, 'rows.parquet', content)).toMatch(/^rows\.parquet .*\.$/);
  }
});

test('a damaged part costs its rows and no others', async () => {
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData: columns(ROWS), rowGroupSize: 1000 }));
  const middle = Math.floor(bytes.length * 0.5);
  bytes.fill(0x5a, middle, middle + 400);
  const { values, messages } = await readContent(folder, 'rows.parquet', bytes);
  expect(values.length).toBeGreaterThanOrEqual(3000);
  expect(values.length).toBeLessThan(5000);
  expect(messages.length).toBeGreaterThan(0);
  for (const message of messages) expect(message).toContain('rows.parquet');
});
