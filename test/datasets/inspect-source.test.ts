/** @file What is told of files before they are imported. */
import { expect, test } from 'vitest';
import { inspectSource } from '#datasets/inspect-source.ts';
import { previewSource } from '#datasets/preview-source.ts';
import { workplace } from './sample-import.ts';
import { exampleLines, PAIRS } from './sample-rows.ts';

test('format, columns, mapping with its confidence, and the rows themselves', async () => {
  const { file } = await workplace();
  const path = await file('thumbs.csv', 'Question,Answer,Thumbs\nHow?,So.,👍\nWhy?,"Because, well",👎\nWhen?,,👍\n');
  const inspection = await inspectSource([path]);
  expect(inspection.files).toMatchObject([
    { name: 'thumbs.csv', problem: null, format: { format: 'csv', encoding: 'utf-8', delimiter: ',', compression: null } },
  ]);
  expect(inspection.columns).toEqual([
    { path: 'Question', kind: 'text', missing: 0, examples: ['"How?"', '"Why?"', '"When?"'] },
    { path: 'Answer', kind: 'text', missing: 1, examples: ['"So."', '"Because, well"'] },
    { path: 'Thumbs', kind: 'text', missing: 0, examples: ['"👍"', '"👎"'] },
  ]);
  const [best] = inspection.mappings;
  expect(best).toMatchObject({ kind: 'example', mapping: { shape: 'example', prompt: 'Question', completion: 'Answer' } });
  expect(best?.confidence).toBeLessThan(0.9); // one row has no answer
  expect(best?.warnings.join(' ')).toContain('Row 3');
  expect(best?.description).toContain('`Answer` is the answer');
  expect(inspection.sample.map(({ value }) => value)[1]).toEqual({ Question: 'Why?', Answer: 'Because, well', Thumbs: '👎' });
  const preview = await previewSource({ paths: [path], mapping: best?.mapping ?? PAIRS });
  expect(preview).toMatchObject({ file: 'thumbs.csv', records: 3, description: best?.description });
  expect(preview.rows).toMatchObject([
    { prompt: 'How?', completion: 'So.', label: true },
    { prompt: 'Why?', completion: 'Because, well', label: false },
  ]);
  expect(preview.faults).toMatchObject([{ row: 3, column: 'Answer' }]);
});

test('several files are looked at together, and one that can not be read does not hide the others', async () => {
  const { folder, file } = await workplace();
  await file('a.jsonl', exampleLines(1000));
  await file('b.csv', '');
  await file('c.jsonl', exampleLines(1000, 1000));
  const inspection = await inspectSource([folder]);
  expect(inspection.files.map(({ problem }) => problem)).toEqual([null, 'b.csv is empty. Choose a file with rows.', null]);
  expect(inspection.sample).toHaveLength(200);
  expect(new Set(inspection.sample.map(({ value }) => Number(/\d+/.exec(JSON.stringify(value))?.[0]) >= 1000))).toEqual(
    new Set([true, false]),
  );
  expect(inspection.mappings[0]).toMatchObject({ confidence: 0.97, mapping: { shape: 'example' } });
});

test('a place that can not be read is told, and does not keep the rest from being seen', async () => {
  const { file } = await workplace();
  const inspection = await inspectSource([await file('a.jsonl', `{"broken\n${exampleLines(3)}`)]);
  expect(inspection.faults).toMatchObject([{ line: 1, expected: 'valid JSON' }]);
  expect(inspection.sample).toHaveLength(3);
});

test('files that can not be read at all are refused with the reason', async () => {
  const { folder, file } = await workplace();
  const path = await file('a.csv', '%PDF-1.7');
  await expect(inspectSource([path])).rejects.toThrow('a.csv is a PDF document.');
  await file('b.csv', '');
  await expect(inspectSource([folder])).rejects.toThrow(
    'a.csv is a PDF document. Choose a CSV, JSON, JSON Lines or Parquet file. None of the 2',
  );
  await expect(inspectSource([`${path}.gone`])).rejects.toThrow('does not exist');
});
