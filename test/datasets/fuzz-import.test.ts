/** @file Five thousand mutated files: no crash, no hang, always a clear error or a correct import. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { Row } from '#engine/data/row.ts';
import { parseRow } from '#engine/data/parse-row.ts';
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';
import { rowRecord } from '#engine/data/row-record.ts';
import { fromStoredRow } from '#datasets/row-texts.ts';
import { inspectSource } from '#datasets/inspect-source.ts';
import { SourceReader } from '#datasets/read-source.ts';
import { listSources } from '#datasets/source-list.ts';
import { Random } from '#engine/train/random.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { iterateRows } from '#store/rows.ts';
import { SAMPLE_FILES } from '#test/engine/data/shapes/sample-files.ts';
import { workplace, type Workplace } from './sample-import.ts';
import { EXAMPLES } from './sample-rows.ts';

const FILES = 5200;
/** So many go the whole way into the store. */
const IMPORTED_EVERY = 8;
/** Far beyond what any takes, on a busy machine, too. */
const HANG_MS = 20_000;

const examples = Array.from({ length: 30 }, (_, at) => ({
  prompt: `Frage ${at}, "q" 😀`,
  completion: `Answer\n${at}`,
  label: at % 2 === 0,
}));
const lines = examples.map((value) => JSON.stringify(value)).join('\n');
const csv = [
  'prompt,completion,label',
  ...examples.map(({ prompt, completion, label }) => `"${prompt.replaceAll('"', '""')}","${completion}",${label}`),
].join('\r\n');
const columnData = [
  { name: 'prompt', data: examples.map(({ prompt }) => prompt), type: 'STRING' as const },
  { name: 'completion', data: examples.map(({ completion }) => completion), type: 'STRING' as const },
  { name: 'label', data: examples.map(({ label }) => label), type: 'BOOLEAN' as const },
];
const compressors = {
  ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes)),
  GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)),
};
const parquet = (codec: 'SNAPPY' | 'ZSTD' | 'GZIP' | 'UNCOMPRESSED'): Buffer =>
  Buffer.from(parquetWriteBuffer({ columnData, codec, compressors, rowGroupSize: 10 }));

const SEEDS: readonly (readonly [string, Buffer])[] = [
  ['a.jsonl', Buffer.from(lines)],
  ['b.json', Buffer.from(JSON.stringify(examples, null, 1))],
  ['c.json', Buffer.from(JSON.stringify({ data: examples }))],
  ['d.csv', Buffer.from(csv)],
  ['e.tsv', Buffer.from(csv.replaceAll('","', '"\t"').replaceAll('",', '"\t').replace('prompt,completion,', 'prompt\tcompletion\t'))],
  ['f.jsonl', Buffer.from(`\ufeff${lines}`, 'utf16le')],
  ['g.csv', Buffer.from(csv, 'utf16le').swap16()],
  ['h.jsonl.gz', gzipSync(lines)],
  ['i.csv.gz', gzipSync(csv)],
  ['j.parquet', parquet('SNAPPY')],
  ['k.parquet', parquet('ZSTD')],
  ['l.parquet', parquet('GZIP')],
  ['m.parquet', parquet('UNCOMPRESSED')],
  ...Object.values(SAMPLE_FILES).map(
    ({ values }, at) => [`n${at}.jsonl`, Buffer.from(values.map((value) => JSON.stringify(value)).join('\n'))] as const,
  ),
];
/** What readers of text stumble over. */
const NASTY = [
  '"',
  '\\',
  '\0',
  '\r',
  '\n',
  ',',
  '{',
  '}',
  '[',
  ']',
  '\ufeff',
  '\u2028',
  '😀',
  'null',
  '1e999',
  '-',
  '\t',
  '""',
  '{"a":',
  '\ud83d',
  'PAR1',
];

function mutate(seed: Buffer, random: Random): Uint8Array {
  let bytes: Uint8Array = seed;
  const below = (count: number): number => random.integer(count);
  for (let changes = 1 + below(4); changes > 0 && bytes.length > 0; changes--) {
    const at = below(bytes.length);
    const length = 1 + below(Math.min(40, bytes.length - at));
    const nasty = Buffer.from(NASTY[below(NASTY.length)] ?? '');
    const kinds: readonly (() => Uint8Array)[] = [
      () => bytes.subarray(0, at),
      () => bytes.subarray(at),
      () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
      () => Buffer.concat([bytes.subarray(0, at), nasty, bytes.subarray(at)]),
      () => Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]),
      () => Buffer.concat([bytes.subarray(0, at), Buffer.alloc(length, below(256)), bytes.subarray(at + length)]),
      () => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << below(8));
        return flipped;
      },
    ];
    bytes = kinds[below(kinds.length)]?.() ?? bytes;
  }
  return bytes;
}

/** One line that says what is wrong, to a person. */
function expectClear(message: string): void {
  expect(message).toMatch(/^[A-Z`\w][^]*[.)]$/u);
  expect(message).not.toMatch(/undefined|\[object|NaN|TypeError|RangeError|at \w+ \(/u);
  expect(message.length).toBeLessThan(1500);
}

/** Into the store and out again. */
async function bringWhole(place: Workplace, path: string, mapping: ColumnMapping): Promise<number> {
  const { version, report } = await place.bring([path], { mapping, again: true });
  const rows = Array.from(iterateRows(place.store, version.id), (row, at) => fromStoredRow(row, at + 1));
  expectSame(rows, report.rows);
  for (const { message } of report.firstSkipped) expectClear(message);
  deleteWithFiles(place.store, 'dataset', version.datasetId);
  return rows.length;
}

/** What came in is what the parser of rows accepts. */
function expectSame(rows: readonly Row[], count: number): void {
  expect(rows).toHaveLength(count);
  expect(rows.map((row) => parseRow(rowRecord(row), { file: 'back', row: row.row }))).toEqual(rows);
}

/** @returns how many rows were good; null if the file was refused */
async function read(place: Workplace, path: string, isImported: boolean): Promise<number | null> {
  try {
    const inspection = await inspectSource([path]);
    const mapping = inspection.mappings[0]?.mapping ?? EXAMPLES;
    if (isImported) return await bringWhole(place, path, mapping);
    let count = 0;
    for await (const { rows, badRows } of new SourceReader((await listSources([path])).files, mapping).batches()) {
      count += rows.length;
      for (const { badRow } of badRows) expectClear(badRow.message);
    }
    return count;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error;
    expectClear(error.message);
    return null;
  }
}

test('mutated files are imported or refused in words', { timeout: 600_000 }, async () => {
  const place = await workplace();
  const random = Random.fromSeed(20_261_127, 0);
  const found = { imported: 0, refused: 0 };
  const failures: string[] = [];
  for (let number = 0; number < FILES; number++) {
    const [name, seed] = SEEDS[number % SEEDS.length] ?? ['', Buffer.alloc(0)];
    const bytes = mutate(seed, random);
    const path = join(place.folder, name);
    writeFileSync(path, bytes);
    let timer: NodeJS.Timeout | undefined;
    const hang = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('It hangs.')), HANG_MS);
    });
    try {
      const rows = await Promise.race([read(place, path, number % IMPORTED_EVERY === 0), hang]);
      found[rows === null ? 'refused' : 'imported']++;
    } catch (error) {
      failures.push(`${number} of ${name}: ${String(error).slice(0, 600)} ${Buffer.from(bytes).toString('base64').slice(0, 20_000)}`);
    } finally {
      clearTimeout(timer);
    }
  }
  expect(failures).toEqual([]);
  expect(found.imported + found.refused).toBe(FILES);
  expect(found.imported).toBeGreaterThan(FILES / 4);
  expect(found.refused).toBeGreaterThan(FILES / 20);
  expect(place.store.get('SELECT count(*) AS rows FROM rows')).toEqual({ rows: 0 });
});
