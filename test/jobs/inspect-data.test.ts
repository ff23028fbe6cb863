/** @file The report on a data file: what it holds, what is wrong with it and where. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CancelledError, ImportError, StorageError } from '#contract/errors.ts';
import { inspectData } from '#jobs/inspect-data.ts';
import type { DataReport } from '#jobs/inspect-data.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const signal = new AbortController().signal;

/** @param lines - objects, or the text of a line */
async function inspect(...lines: readonly (object | string)[]): Promise<DataReport> {
  const file = join(await temporaryFolder(), 'rows.jsonl');
  await writeFile(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return inspectData(file, { signal });
}

const example = (label: unknown, prompt = 'Why?', completion = 'Because.') => ({ prompt, completion, label });
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

test('examples: rows, labels, the weights that balance them, and the longest', async () => {
  const report = await inspect(example(true), example(false), example(true), example(true, 'Why?', 'Because of that.'), example(true));
  expect(report).toMatchObject({
    problem: null,
    rows: 5,
    kind: 'examples',
    conversational: false,
    forms: { text: 5, chat: 0, tokens: 0 },
    labels: { desirable: 4, undesirable: 1 },
    weights: { desirable: [0.25, 0.33], undesirable: [3.01, 4] },
    badRows: 0,
    emptyPrompts: 0,
    longest: { row: 4, length: 20, unit: 'characters' },
  });
});

test('balanced labels need no weights, and labels of one kind cannot be balanced', async () => {
  expect((await inspect(example(true), example(false))).weights).toBeNull();
  expect((await inspect(example(true), example(true))).weights).toBeNull();
});

test('pairs have no labels; the longer answer counts', async () => {
  const report = await inspect({ prompt: 'Why?', chosen: 'No.', rejected: 'Because.' });
  expect(report).toMatchObject({ kind: 'pairs', labels: null, weights: null, longest: { row: 1, length: 12, unit: 'characters' } });
});

test('chat messages are conversational', async () => {
  const report = await inspect({ messages: [user('Why?'), assistant('Because.')], label: true });
  expect(report).toMatchObject({ conversational: true, forms: { text: 0, chat: 1, tokens: 0 }, longest: { length: 12 } });
});

test('token ids are measured in tokens', async () => {
  const report = await inspect({ prompt_ids: [], completion_ids: [5, 6, 7], label: false });
  expect(report).toMatchObject({ conversational: false, emptyPrompts: 1, longest: { row: 1, length: 3, unit: 'tokens' } });
});

test('empty prompts are counted, white space included, and the first are named by line', async () => {
  const blank = { prompt: [user(' ')], completion: [assistant('Yes.')], label: true };
  const report = await inspect(example(true), example(false, ' \n'), '', example(true, ''), blank);
  expect(report).toMatchObject({ rows: 4, emptyPrompts: 3, firstEmptyPrompts: [2, 4, 5] });
});

test('bad rows are listed with their line and can be left out', async () => {
  const report = await inspect(example(true), '', example(3), example(false), { prompt: 'Why?' });
  expect(report).toMatchObject({ rows: 4, badRows: 2, canSkipBadRows: true, labels: { desirable: 1, undesirable: 1 } });
  expect(report.firstBadRows).toEqual([
    { row: 3, message: expect.stringMatching(/^Row 3 of rows\.jsonl has the `label` 3\./) },
    { row: 5, message: expect.stringMatching(/^Row 5 of rows\.jsonl has no `completion` text\./) },
  ]);
  expect(report.problem).toMatch(/^2 rows of rows\.jsonl can't be used\. .*--skip-bad-rows\. The first: Row 3 /);
});

test('a pair among examples is a bad row', async () => {
  const report = await inspect(example(true), { prompt: 'Why?', chosen: 'a', rejected: 'b' });
  expect(report).toMatchObject({ kind: 'examples', badRows: 1, firstBadRows: [{ row: 2 }] });
});

test('only the first ten bad rows are listed, but all are counted', async () => {
  const report = await inspect(example(true), ...Array.from({ length: 25 }, () => example('maybe')));
  expect(report.badRows).toBe(25);
  expect(report.firstBadRows.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test('without a good row nothing can be skipped', async () => {
  const report = await inspect(example(3));
  expect(report).toMatchObject({ kind: null, rows: 1, badRows: 1, canSkipBadRows: false, longest: null });
  expect(report.problem).toMatch(/^No row of rows\.jsonl can be used\. The first: Row 1 /);
});

test('a line that is not JSON is a bad row like any other', async () => {
  const report = await inspect(example(true), '{"prompt": "Why?",}', example(false));
  expect(report).toMatchObject({ rows: 3, badRows: 1, canSkipBadRows: true, firstBadRows: [{ row: 2 }] });
  expect(report.problem).toMatch(/The first: Line 2 of rows\.jsonl is not valid JSON/);
});

test('a file without rows has no report, and one without JSON has no good row', async () => {
  await expect(inspect('')).rejects.toThrow(ImportError);
  const report = await inspect('no JSON');
  expect(report.problem).toMatch(/^No row of rows\.jsonl can be used\. The first: Line 1 of rows\.jsonl is not valid JSON/);
  await expect(inspectData(join(await temporaryFolder(), 'none.jsonl'), { signal })).rejects.toThrow(StorageError);
});

test('it can be stopped', async () => {
  const file = join(await temporaryFolder(), 'rows.jsonl');
  await writeFile(file, JSON.stringify(example(true)));
  await expect(inspectData(file, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
});
