/** @file The Data step as a person uses it: files in, mapping, bad rows, rows, changes. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, expect, test } from 'vitest';
import type { Dataset } from '#contract/datasets.ts';
import { AppError } from '#contract/errors.ts';
import type { Imported } from '#contract/imports.ts';
import { BAD_ROWS, DATASET, IMPORTED, INSPECTION, PREVIEW, rowAt, VERSION } from './support/data-answers.ts';
import { EMPTY_PROJECT } from './support/empty-project.ts';
import { fakeClient, type Answers, type FakeClient } from './support/fake-client.ts';
import { showApp } from './support/show-app.tsx';
import { stepsOf } from './support/steps.ts';

beforeEach(() => {
  // What lies in sight is measured; jsdom has no layout.
  const sizeOf = (pixels: number) => ({
    configurable: true,
    get(this: Element) {
      return this.getAttribute('role') === 'grid' ? pixels : 0;
    },
  });
  Object.defineProperties(HTMLElement.prototype, { clientHeight: sizeOf(300), clientWidth: sizeOf(800) });
});

function clientWith(answers: Answers): FakeClient {
  return fakeClient({
    'projects.list': () => [{ id: 1, name: 'Reviews', notes: '', createdAt: 0, updatedAt: 0 }],
    'app.getPreferences': () => ({ theme: 'auto', showAdvancedSettings: false, offline: false }),
    'steps.list': () => stepsOf({}),
    ...EMPTY_PROJECT,
    'imports.inspect': () => INSPECTION,
    'imports.preview': () => PREVIEW,
    'datasets.listVersions': () => [VERSION],
    'datasets.readRows': ({ from, count }) => ({ rows: Array.from({ length: count }, (_, offset) => rowAt(from + offset)) }),
    'datasets.readRow': ({ index }) => ({
      shown: rowAt(index),
      prompt: `Question ${index + 1}`,
      completion: `Answer ${index + 1}`,
      rejected: null,
      source: index === 0 ? null : { file: 'ratings.csv', row: index + 3 },
    }),
    ...answers,
  });
}

async function openStep(answers: Answers = {}): Promise<FakeClient> {
  const client = clientWith(answers);
  showApp(client);
  await userEvent.click(await screen.findByRole('button', { name: 'Reviews' }));
  await screen.findByRole('region', { name: 'Data' });
  return client;
}

const askedFor = (client: FakeClient, name: string): unknown[] =>
  client.asked.filter(([asked]) => asked === name).map(([, input]) => input);

async function choosePath(path = '/data/ratings.csv'): Promise<void> {
  await userEvent.type(await screen.findByLabelText(/path of a file or folder/), path);
  await userEvent.click(screen.getByRole('button', { name: 'Use path' }));
}

test('an empty step says what to drop, and takes files and paths', async () => {
  const client = await openStep();
  expect(await screen.findByText('Drop a file of rated answers here')).toBeTruthy();
  await userEvent.upload(screen.getByLabelText('Files of rated answers'), new File(['x'], 'ratings.csv'));
  await screen.findByRole('heading', { name: 'Add data' });
  expect(askedFor(client, 'imports.inspect')).toEqual([{ projectId: 1, files: [{ path: '/dropped/ratings.csv' }] }]);
});

test('a file is shown with its format, and its mapping with how sure it is and what it does', async () => {
  await openStep();
  await choosePath();
  expect(await screen.findByText('CSV')).toBeTruthy();
  expect(screen.getByText('1 other file in the folder are not data files.', { exact: false })).toBeTruthy();
  const sure = screen.getByRole('radio', { name: 'answers with a label, 95 % sure' });
  expect(sure.getAttribute('aria-checked')).toBe('true');
  expect(await screen.findByText(/1 of the first 50 records can not be read so/)).toBeTruthy();
  expect(within(screen.getByRole('table', { name: 'What becomes of the first rows' })).getByText('Answer 1')).toBeTruthy();
});

test('another mapping is tried at once, by card, by field and as JSON', async () => {
  const client = await openStep();
  await choosePath();
  await userEvent.click(await screen.findByRole('radio', { name: /pairs, 40 % sure/ }));
  await waitFor(() => expect(askedFor(client, 'imports.preview').at(-1)).toMatchObject({ mapping: { shape: 'pair' } }));
  await userEvent.click(screen.getByRole('button', { name: 'Edit columns' }));
  await userEvent.click(screen.getByRole('button', { name: 'As JSON' }));
  const json = screen.getByLabelText('Column mapping as JSON');
  await userEvent.clear(json);
  expect(screen.getByText('This is not JSON of an object.')).toBeTruthy();
  await userEvent.click(json);
  await userEvent.paste('{"shape":"transcript-pair","chosen":"question","rejected":"answer"}');
  await waitFor(() => expect(askedFor(client, 'imports.preview').at(-1)).toMatchObject({ mapping: { shape: 'transcript-pair' } }));
});

test('an import says what it gave', async () => {
  let datasets: Dataset[] = [];
  const client = await openStep({
    'datasets.list': () => datasets,
    'imports.start': () => {
      datasets = [DATASET];
      queueMicrotask(() => client.tell('datasets.changed', { projectId: 1 }));
      return IMPORTED;
    },
  });
  await choosePath();
  await userEvent.click(await screen.findByRole('button', { name: 'Import' }));
  expect((await screen.findByRole('status')).textContent).toContain(
    '9 rows imported.1 row repaired. 2 rows skipped. 3 left out because it has no rating.',
  );
  expect(askedFor(client, 'imports.start')).toMatchObject([
    { projectId: 1, files: [{ path: '/data/ratings.csv' }], into: { name: 'ratings' }, again: false },
  ]);
});

test('files that were imported before are imported again on purpose only', async () => {
  const refuse = ({ again }: { readonly again: boolean }): Imported => {
    if (again) return IMPORTED;
    throw new AppError('store', 'ratings.csv was imported before.', { versionId: 5 });
  };
  const client = await openStep({ 'imports.start': refuse });
  await choosePath();
  await userEvent.click(await screen.findByRole('button', { name: 'Import' }));
  expect((await screen.findByRole('alert')).textContent).toContain('was imported before');
  await userEvent.click(screen.getByRole('button', { name: 'Import again' }));
  await waitFor(() => expect(askedFor(client, 'imports.start').at(-1)).toMatchObject({ again: true }));
});

test('a file that can not be read says why, and the way back is open', async () => {
  const fail = (): never => {
    throw new AppError('import', 'picture.png is a picture. Choose a file with rows.');
  };
  await openStep({ 'imports.inspect': fail });
  await choosePath();
  expect((await screen.findByRole('alert')).textContent).toContain('picture.png is a picture');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.getByText('Drop a file of rated answers here')).toBeTruthy();
});

test('bad rows are repaired by their fields, and types of other fields stay', async () => {
  const client = await openStep({
    'imports.listWaiting': () => [{ task: 't1', files: ['ratings.csv'], badRows: 2 }],
    'imports.readBadRows': () => BAD_ROWS,
    'imports.decide': () => undefined,
    'tasks.cancel': () => undefined,
  });
  expect(await screen.findByRole('heading', { name: '2 rows can not be imported' })).toBeTruthy();
  const repair = screen.getByRole('region', { name: 'Repair row 7' });
  expect(within(repair).getByText('Expected: a text')).toBeTruthy();
  await userEvent.type(within(repair).getByLabelText('answer'), 'Hello!');
  await userEvent.click(screen.getByRole('button', { name: 'Try 1 repair' }));
  expect(askedFor(client, 'imports.decide')).toEqual([
    { task: 't1', decision: { kind: 'fix', fixes: [{ fileIndex: 0, row: 7, text: '{"question":"Hi","answer":"Hello!","stars":4}' }] } },
  ]);
  await userEvent.click(within(screen.getByRole('grid')).getByText('9'));
  expect(await screen.findByText(/can not be repaired here/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Import nothing' }));
  expect(askedFor(client, 'tasks.cancel')).toEqual([{ id: 't1' }]);
});

test('of a million rows only those in sight are asked for, from any place', async () => {
  const client = await openStep({ 'datasets.list': () => [DATASET] });
  const grid = await screen.findByRole('grid', { name: 'Rows' });
  expect(grid.getAttribute('aria-rowcount')).toBe('1000001');
  expect(await within(grid).findByText('Answer 1')).toBeTruthy();
  expect(within(grid).getAllByRole('row').length).toBeLessThan(60);
  expect(askedFor(client, 'datasets.readRows')).toEqual([{ versionId: 5, from: 0, count: 100 }]);
  grid.focus();
  await userEvent.keyboard('{End}');
  expect(await screen.findByRole('region', { name: 'Row 1,000,000' })).toBeTruthy();
});

test('changes wait, can be taken back, and are saved together', async () => {
  const client = await openStep({ 'datasets.list': () => [DATASET], 'datasets.edit': () => ({ ...VERSION, id: 6, number: 2 }) });
  const grid = await screen.findByRole('grid', { name: 'Rows' });
  await userEvent.click(await within(grid).findByText('Answer 2'));
  const panel = await screen.findByRole('region', { name: 'Row 2' });
  expect(within(panel).getByText('from row 4 of ratings.csv')).toBeTruthy();
  await userEvent.click(within(panel).getByRole('radio', { name: 'Desirable' }));
  await userEvent.click(await within(grid).findByText('Answer 3'));
  await userEvent.click(within(await screen.findByRole('region', { name: 'Row 3' })).getByRole('button', { name: 'Delete row' }));
  await userEvent.click(await within(grid).findByText('Answer 4'));
  const fourth = await screen.findByRole('region', { name: 'Row 4' });
  await userEvent.click(within(fourth).getByRole('button', { name: 'Edit text' }));
  await userEvent.type(within(fourth).getByLabelText('Completion'), ', truly');
  await userEvent.click(within(fourth).getByRole('button', { name: 'Keep change' }));
  expect(screen.getByText('3 changes not saved yet.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Save as version 2' }));
  expect(askedFor(client, 'datasets.edit')).toEqual([
    {
      versionId: 5,
      edits: [
        { kind: 'relabel', rowId: 1001, label: true },
        { kind: 'delete', rowId: 1002 },
        { kind: 'rewrite', rowId: 1003, prompt: 'Question 4', completion: 'Answer 4, truly', rejected: null, label: false },
      ],
    },
  ]);
});

test('a dataset is renamed, and deleted only after a question', async () => {
  const client = await openStep({
    'datasets.list': () => [DATASET],
    'datasets.rename': () => undefined,
    'datasets.delete': () => undefined,
  });
  await userEvent.click(await screen.findByRole('button', { name: 'More' }));
  await userEvent.click(await screen.findByText('Delete…', {}, { timeout: 5000 }));
  const question = await screen.findByRole('dialog', { name: 'Delete “ratings”?' });
  expect(askedFor(client, 'datasets.delete')).toEqual([]);
  await userEvent.click(within(question).getByRole('button', { name: 'Delete dataset' }));
  expect(askedFor(client, 'datasets.delete')).toEqual([{ datasetId: 3 }]);
});

test('long work of the project is shown with how far it is, and cancelled', async () => {
  const task = {
    id: 't9',
    projectId: 1,
    title: 'Importing big.csv',
    done: 12_000,
    total: null,
    unit: 'rows',
    share: 0.25,
    perSecond: 4000,
    msLeft: 9000,
    waiting: false,
    cancelling: false,
  } as const;
  const client = await openStep({ 'tasks.list': () => [task], 'tasks.cancel': () => undefined });
  const shown = await screen.findByRole('group', { name: 'Importing big.csv' });
  expect(within(shown).getByText('12,000 rows · 4,000 rows/s · 9 s left')).toBeTruthy();
  await userEvent.click(within(shown).getByRole('button', { name: 'Cancel' }));
  expect(askedFor(client, 'tasks.cancel')).toEqual([{ id: 't9' }]);
});

test('rows that can not be listed say why, and a screen reader finds its way', async () => {
  const fail = (): never => {
    throw new AppError('store', 'The store is damaged.');
  };
  await openStep({ 'datasets.list': fail });
  expect((await screen.findByRole('alert')).textContent).toContain('The store is damaged.');
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
});
