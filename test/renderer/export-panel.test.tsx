/** @file A version goes out as a file: where to, in which format, and what happens to a file that is there. */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { DATASET, rowAt, VERSION } from './support/data-answers.ts';
import { EMPTY_PROJECT } from './support/empty-project.ts';
import type { Answers, FakeClient } from './support/fake-client.ts';
import { setupClient } from './support/setup-answers.ts';
import { showApp } from './support/show-app.tsx';

function openStep(answers: Answers, host: FakeClient['host'] = 'browser'): FakeClient {
  const client = setupClient(
    'data',
    {},
    {
      ...EMPTY_PROJECT,
      'datasets.list': () => [DATASET],
      'datasets.listVersions': () => [VERSION],
      'datasets.readRows': ({ from }) => ({ rows: [rowAt(from)] }),
      ...answers,
    },
  );
  showApp({ ...client, host });
  return client;
}

const askedFor = (client: FakeClient, name: string): unknown[] =>
  client.asked.filter(([asked]) => asked === name).map(([, input]) => input);

test('a version is exported where the person says; a file that is there is replaced on purpose only', async () => {
  const client = openStep({
    'datasets.export': ({ path, replace }) => {
      if (!replace) throw new AppError('output-busy', 'There is a “out.csv” in /out already.');
      return { path, rows: 1_000_000, columns: ['prompt', 'completion', 'label'] };
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Export…' }));
  const panel = screen.getByRole('region', { name: 'Export version 1 of “ratings”' });
  await userEvent.click(within(panel).getByLabelText('CSV'));
  const path = within(panel).getByLabelText('Path of the file on this machine');
  expect(path.getAttribute('placeholder')).toBe('/home/me/ratings.csv');
  await userEvent.type(path, '/out/out.csv{Enter}');
  expect((await within(panel).findByRole('alert')).textContent).toContain('There is a “out.csv” in /out already.');
  await userEvent.click(within(panel).getByRole('button', { name: 'Replace the file' }));
  expect((await within(panel).findByRole('status')).textContent).toContain('1,000,000 rows written to /out/out.csv.');
  expect(askedFor(client, 'datasets.export')).toMatchObject([
    { versionId: 5, path: '/out/out.csv', replace: false },
    { versionId: 5, path: '/out/out.csv', replace: true },
  ]);
});

test('the format and the ending of the path follow each other, and a path without one gets it', async () => {
  const exported = { path: '/out/a.parquet', rows: 1, columns: ['prompt'] };
  const client = openStep({ 'datasets.export': () => exported });
  await userEvent.click(await screen.findByRole('button', { name: 'Export…' }));
  const path = screen.getByLabelText<HTMLInputElement>('Path of the file on this machine');
  await userEvent.type(path, '/out/a.csv');
  expect(screen.getByLabelText<HTMLInputElement>('CSV').checked).toBe(true);
  await userEvent.click(screen.getByLabelText('Parquet'));
  expect(path.value).toBe('/out/a.parquet');
  await userEvent.clear(path);
  await userEvent.type(path, '/out/a{Enter}');
  await screen.findByText(/1 row written to/);
  expect(askedFor(client, 'datasets.export')).toMatchObject([{ path: '/out/a.parquet', replace: false }]);
});

test('in the desktop program a dialog asks where to, and what it did not ask about is not replaced', async () => {
  let picked: string[] = [];
  const client = openStep(
    {
      'files.pickTarget': () => ({ available: true, paths: picked }),
      'datasets.export': ({ path }) => ({ path, rows: 1, columns: ['prompt'] }),
    },
    'electron',
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Export…' }));
  const choose = screen.getByRole('button', { name: 'Choose where…' });
  await userEvent.click(choose);
  expect(askedFor(client, 'files.pickTarget')).toEqual([{ fileName: 'ratings.jsonl' }]);
  expect(askedFor(client, 'datasets.export')).toEqual([]);
  picked = ['/out/a.jsonl'];
  await userEvent.click(choose);
  await screen.findByText(/written to \/out\/a\.jsonl/);
  picked = ['/out/b'];
  await userEvent.click(choose);
  await screen.findByText(/written to \/out\/b\.jsonl/);
  expect(askedFor(client, 'datasets.export')).toMatchObject([
    { path: '/out/a.jsonl', replace: true },
    { path: '/out/b.jsonl', replace: false },
  ]);
});
