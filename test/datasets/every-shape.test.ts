/** @file Every shape, in every format and encoding, gives the same rows. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Row } from '#engine/data/row.ts';
import { inspectSource } from '#datasets/inspect-source.ts';
import { fromStoredRow } from '#datasets/row-texts.ts';
import { cellText, ColumnSurvey } from '#io/records/write/column-survey.ts';
import { writeCsv } from '#io/records/write/write-csv.ts';
import { writeParquet } from '#io/records/write/write-parquet.ts';
import { iterateRows } from '#store/rows.ts';
import { SAMPLE_FILES } from '#test/engine/data/shapes/sample-files.ts';
import { workplace, type Workplace } from './sample-import.ts';

type Values = readonly Record<string, unknown>[];
type Write = (values: Values) => Promise<string | Uint8Array>;

const jsonLines = (values: Values): string => `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;
const utf16 = (text: string, { isBig }: { readonly isBig: boolean }): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

async function* batch(values: Values): AsyncGenerator<Values> {
  yield values;
}

function columnsOf(values: Values): ReturnType<ColumnSurvey['columns']> {
  const survey = new ColumnSurvey();
  for (const value of values) survey.add(value);
  return survey.columns([...new Set(values.flatMap((value) => Object.keys(value)))]);
}

const tabField = (text: string): string => (/["\t\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Any value. */
const NESTED: Readonly<Record<string, Write>> = {
  'a.jsonl': async (values) => jsonLines(values),
  'b.json': async (values) => JSON.stringify(values, null, 2),
  'c.json': async (values) => JSON.stringify({ version: 1, data: values }),
  'd.jsonl.gz': async (values) => gzipSync(jsonLines(values)),
  'e.jsonl': async (values) => utf16(jsonLines(values), { isBig: false }),
  'f.json': async (values) => utf16(JSON.stringify(values), { isBig: true }),
  'g.jsonl': async (values) => `\ufeff${jsonLines(values).replaceAll('\n', '\r\n')}`,
};
/** Texts, numbers and booleans only. */
const FLAT: Readonly<Record<string, Write>> = {
  'h.csv': async (values) => bytesOf(writeCsv(batch(values), columnsOf(values))),
  'i.tsv': async (values) => {
    const columns = columnsOf(values).map(({ name }) => name);
    return [columns, ...values.map((value) => columns.map((name) => tabField(cellText(value[name]))))]
      .map((line) => line.join('\t'))
      .join('\r\n');
  },
  'j.csv.gz': async (values) => gzipSync(utf16((await bytesOf(writeCsv(batch(values), columnsOf(values)))).toString(), { isBig: false })),
  'k.parquet': async (values) => bytesOf(writeParquet(batch(values), columnsOf(values))),
};

const isFlat = (values: Values): boolean =>
  values.every((value) => Object.values(value).every((item) => typeof item !== 'object' || item === null));

async function rowsOf(place: Workplace, name: string, content: string | Uint8Array): Promise<readonly Row[]> {
  const path = await place.file(name, content);
  const [best] = (await inspectSource([path])).mappings;
  expect(best?.confidence ?? 0).toBeGreaterThan(0.2);
  const into = { projectId: place.projectId, name };
  const { version } = await place.bring([path], { into, badRows: 'abort', ...(best ? { mapping: best.mapping } : {}) });
  return Array.from(iterateRows(place.store, version.id), (row) => fromStoredRow(row, row.sourceRow ?? 0));
}

test.each(Object.entries(SAMPLE_FILES))('%s', async (_name, { values }) => {
  const place = await workplace();
  const formats = Object.entries({ ...NESTED, ...(isFlat(values) ? FLAT : {}) });
  const [first, ...others] = formats;
  const expected = await rowsOf(place, 'first.jsonl', (await first?.[1](values)) ?? '');
  expect(expected.length).toBeGreaterThan(0);
  for (const [name, write] of others)
    expect({ name, rows: await rowsOf(place, name, await write(values)) }).toEqual({ name, rows: expected });
});
