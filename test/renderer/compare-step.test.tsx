/** @file The Compare step as a person uses it: runs, figures, curves, settings, blind votes, answers, and the report. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { Voting } from '#contract/comparisons.ts';
import { AppError } from '#contract/errors.ts';
import { findViolations } from './support/axe.ts';
import {
  compareClient,
  COMPARISON,
  MEASURED,
  MEASURE_SETTINGS,
  runAt,
  SIDE_BY_SIDE,
  TALLY,
  UNMEASURED,
  VOTING,
} from './support/compare-answers.ts';
import { VERSION } from './support/data-answers.ts';
import type { Answers, FakeClient } from './support/fake-client.ts';
import { showApp } from './support/show-app.tsx';
import { stepsOf } from './support/steps.ts';

/** Menus and lists are placed by measuring, for which jsdom has no layout: they may count as hidden. */
const HIDDEN = { hidden: true };

async function openStep(answers: Answers = {}, change: Partial<FakeClient> = {}): Promise<FakeClient> {
  const client = { ...compareClient(answers), ...change };
  showApp(client);
  await userEvent.click(await screen.findByRole('button', { name: 'Reviews' }));
  await userEvent.click(await screen.findByRole('button', { name: /^Compare,/ }));
  return client;
}

const section = (name: string): Promise<HTMLElement> => screen.findByRole('region', { name });
const askedFor = (client: FakeClient, name: string): unknown[] =>
  client.asked.filter(([asked]) => asked === name).map(([, input]) => input);

test('without a run the step says what it will be, and shows the way', async () => {
  await openStep({
    'comparisons.get': () => ({ ...COMPARISON, candidates: [], chosen: [] }),
    'steps.list': () => stepsOf({ compare: { state: 'blocked', note: 'After the first run.', first: 'train' } }),
  });
  expect(await screen.findByRole('heading', { name: 'Nothing to compare yet' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Go to Train' })).toBeTruthy();
});

test('one run is not enough: what to do is said, and where', async () => {
  const one = { ...COMPARISON, candidates: COMPARISON.candidates.slice(0, 1), chosen: [2] };
  await openStep({ 'comparisons.get': () => one });
  expect(await screen.findByText(/In Train, choose Both/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Go to Train' }));
  expect(await section('Train')).toBeTruthy();
});

test('loading and failure are told in words', async () => {
  const wait = Promise.withResolvers<never>();
  await openStep({ 'comparisons.get': () => wait.promise });
  expect(await screen.findByRole('progressbar', { name: 'Loading the comparison' })).toBeTruthy();
  wait.reject(new AppError('store', 'The store is damaged.'));
  expect((await screen.findByRole('alert')).textContent).toContain('The store is damaged.');
});

test('runs are ticked and unticked, and say why they can’t be measured', async () => {
  const third = { run: runAt(3, { status: 'stopped' }), problem: 'It was stopped; resume it to the end to measure it.', partnerId: null };
  const client = await openStep({ 'comparisons.get': () => ({ ...COMPARISON, candidates: [third, ...COMPARISON.candidates] }) });
  const table = await screen.findByRole('table', { name: 'Runs' });
  expect(within(table).getByText(/It was stopped; resume it/)).toBeTruthy();
  await userEvent.click(within(table).getByRole('checkbox', { name: 'Compare KTO 2' }));
  await userEvent.click(within(table).getByRole('checkbox', { name: 'Compare DPO 1' }));
  expect(askedFor(client, 'comparisons.choose')).toEqual([
    { projectId: 1, changes: { runIds: [1, 2, 3] } },
    { projectId: 1, changes: { runIds: [1] } },
  ]);
});

test('curves and settings are there before anything was measured', async () => {
  await openStep();
  const loss = await screen.findByRole('figure', { name: 'Loss' });
  await waitFor(() => expect(loss.textContent).toContain('KTO 1'));
  expect(loss.textContent).toContain('DPO 1');
  // What is held out is dashed, and said to those who can't see dashes.
  expect(within(loss).getByText('DPO 1, held out')).toBeTruthy();
  const settings = await screen.findByRole('table', { name: 'Settings' });
  expect(within(settings).getByText('method')).toBeTruthy();
  expect(within(settings).queryByText('seed')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show the 1 that are the same' }));
  expect(within(settings).getByText('seed')).toBeTruthy();
});

test('models are measured, then the prompts answered; a verdict and every figure with its interval are shown', async () => {
  let measured = UNMEASURED;
  const client: FakeClient = await openStep({
    'comparisons.read': () => measured,
    'comparisons.measure': () => (measured = MEASURED),
    'comparisons.answer': () => {
      client.tell('comparisons.changed', { projectId: 1 });
      return SIDE_BY_SIDE;
    },
  });
  const held = await section('On held-out pairs');
  expect(await within(held).findByText('3 models are not measured yet on these 40 pairs.')).toBeTruthy();
  expect(within(held).getByRole('button', { name: 'Save report' }).hasAttribute('disabled')).toBe(true);
  await userEvent.click(within(held).getByRole('button', { name: 'Measure' }));
  const table = await screen.findByRole('table', { name: 'On held-out pairs' });
  expect(within(held).getByText('The difference is within noise.')).toBeTruthy();
  const [accuracy, kl] = within(table).getAllByRole('row').slice(1);
  expect(accuracy?.textContent).toContain('0.9000.769 to 0.9600.8750.739 to 0.945–');
  expect(kl?.textContent).toContain('−0.00042−0.004 to 0.003–0.000');
  expect(client.asked.map(([name]) => name).filter((name) => name === 'comparisons.measure' || name === 'comparisons.answer')).toEqual([
    'comparisons.measure',
    'comparisons.answer',
  ]);
});

test('measuring that fails says why, and one that is cancelled can be begun again', async () => {
  let error = new AppError('storage', 'The adapter is gone.');
  const client = await openStep({
    'comparisons.measure': () => {
      throw error;
    },
  });
  const held = await section('On held-out pairs');
  await userEvent.click(await within(held).findByRole('button', { name: 'Measure' }));
  expect((await within(held).findByRole('alert')).textContent).toContain('The adapter is gone.');
  error = new AppError('cancelled', 'Cancelled.');
  await userEvent.click(within(held).getByRole('button', { name: 'Measure' }));
  await waitFor(() => expect(within(held).queryByRole('alert')).toBeNull());
  expect(askedFor(client, 'comparisons.answer')).toEqual([]);
});

test('pairs and how they are measured are chosen', async () => {
  const client = await openStep();
  await userEvent.click(await screen.findByRole('combobox', { name: 'Pairs' }));
  await userEvent.click(await screen.findByRole('option', { name: 'All pairs of “Reviews”, version 1 (400)', ...HIDDEN }));
  await userEvent.click(screen.getByRole('button', { name: 'How it is measured' }));
  const beta = await screen.findByRole('textbox', { name: 'beta' });
  await userEvent.clear(beta);
  await userEvent.type(beta, '0.5');
  await userEvent.tab();
  expect(askedFor(client, 'comparisons.choose')).toEqual([
    { projectId: 1, changes: { pairs: { versionId: 5, splitId: null } } },
    { projectId: 1, changes: { settings: { beta: 0.5 } } },
  ]);
});

test('a project without pairs says where to get some', async () => {
  await openStep({ 'comparisons.get': () => ({ ...COMPARISON, offered: [], pairs: null }) });
  expect(await screen.findByText(/This project has no pairs to measure on/)).toBeTruthy();
});

test('votes are given by keys, taken back, and tallied with names at the end', async () => {
  let voting: Voting = VOTING;
  const second = { key: 'k2', prompt: 'And now?', left: 'A', right: 'B' };
  const client = await openStep({
    'comparisons.getVoting': () => voting,
    'comparisons.vote': ({ key }) =>
      (voting =
        key === 'k1'
          ? { ...VOTING, open: second, voted: 1, canTakeBack: true }
          : { ...VOTING, open: null, voted: 2, canTakeBack: true, tally: TALLY }),
    'comparisons.takeBack': () => (voting = VOTING),
    'comparisons.saveVotes': () => ({ version: { ...VERSION, number: 2 }, rows: 3 }),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Vote' }));
  const booth = await screen.findByRole('group', { name: 'Blind vote' });
  expect(within(booth).getByRole('article', { name: 'Left answer' }).textContent).toContain('It is poor.');
  expect(booth.textContent).not.toMatch(/KTO|DPO/);
  expect(document.activeElement).toBe(booth);
  await userEvent.keyboard('1');
  expect(await within(booth).findByText('And now?')).toBeTruthy();
  await userEvent.keyboard('{Backspace}');
  expect(await within(booth).findByText('What do you think?')).toBeTruthy();
  await userEvent.keyboard('2');
  await within(booth).findByText('And now?');
  await userEvent.keyboard('0');
  const tally = await screen.findByRole('group', { name: 'Tally' });
  expect(tally.textContent).toContain('KTO 1: 2');
  expect(within(tally).getByText(TALLY.text)).toBeTruthy();
  const contest = { projectId: 1, firstId: 1, secondId: 2 };
  expect(askedFor(client, 'comparisons.vote')).toEqual([
    { ...contest, key: 'k1', choice: 'left' },
    { ...contest, key: 'k1', choice: 'right' },
    { ...contest, key: 'k2', choice: 'equal' },
  ]);
  await userEvent.click(within(tally).getByLabelText('Examples (good, bad)'));
  await userEvent.click(within(tally).getByRole('button', { name: 'Save votes as rows' }));
  expect(askedFor(client, 'comparisons.saveVotes')).toEqual([{ ...contest, kind: 'example', name: 'Blind votes, rated' }]);
  expect((await within(tally).findByRole('status')).textContent).toMatch(/3 rows were added to “Blind votes, rated”, now version 2/);
});

test('names can be told early, and more prompts drawn', async () => {
  const client = await openStep({
    'comparisons.getVoting': ({ reveal }) => ({ ...VOTING, voted: 1, tally: reveal ? TALLY : null }),
    'comparisons.answer': () => SIDE_BY_SIDE,
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Show names and tally now' }));
  expect(await screen.findByRole('group', { name: 'Tally' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Go on voting' }));
  expect(await screen.findByRole('button', { name: 'Show names and tally now' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Answer the prompts' }));
  await waitFor(() => expect(askedFor(client, 'comparisons.answer')).toHaveLength(1));
});

test('answers are shown with names only when it is asked for; what is not there says why', async () => {
  const client = await openStep({
    'comparisons.listAnswers': () => ({ ...SIDE_BY_SIDE, missing: 0 }),
    'comparisons.answer': () => SIDE_BY_SIDE,
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Show answers with names' }));
  const first = await screen.findByRole('article', { name: 'Prompt 1' });
  expect(first.textContent).toContain('It is poor.');
  expect(first.textContent).toContain('12 tokens, cut there');
  expect(first.textContent).toContain('The prompt leaves the model no room for an answer.');
  expect(screen.getByRole('article', { name: 'Prompt 2' }).textContent).toContain('(an empty answer)');
  await userEvent.click(screen.getByRole('button', { name: 'Answer 6 more prompts' }));
  await waitFor(() => expect(askedFor(client, 'comparisons.answer')).toHaveLength(1));
  expect(askedFor(client, 'comparisons.choose')).toEqual([
    { projectId: 1, changes: { settings: { prompts: MEASURE_SETTINGS.prompts + 6 } } },
  ]);
});

test('the report is downloaded by a browser, and written where a dialog says in Electron', async () => {
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  URL.createObjectURL = () => 'blob:report';
  const answers: Answers = {
    'comparisons.read': () => MEASURED,
    'comparisons.report': () => ({ fileName: 'KTO-1-vs-DPO-1.html', text: '<html>' }),
    'comparisons.saveReport': () => undefined,
    'files.pickTarget': () => ({ available: true, paths: ['/home/me/report.html'] }),
  };
  const save = async (): Promise<void> => {
    await userEvent.click(await screen.findByRole('button', { name: 'Save report' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Web page (HTML, opens offline)', ...HIDDEN }));
  };
  await openStep(answers);
  await save();
  await waitFor(() => expect(clicked).toHaveBeenCalledOnce());
  clicked.mockRestore();
});

test('in Electron the dialog says where the report goes', async () => {
  const client = await openStep(
    {
      'comparisons.read': () => MEASURED,
      'comparisons.report': () => ({ fileName: 'KTO-1-vs-DPO-1.csv', text: '' }),
      'comparisons.saveReport': () => undefined,
      'files.pickTarget': () => ({ available: true, paths: ['/home/me/figures.csv'] }),
    },
    { host: 'electron' },
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Save report' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Figures (CSV)', ...HIDDEN }));
  expect(await screen.findByText('Saved: /home/me/figures.csv')).toBeTruthy();
  expect(askedFor(client, 'comparisons.saveReport')).toEqual([{ projectId: 1, format: 'csv', path: '/home/me/figures.csv' }]);
});

test('everything has a name that is read aloud', async () => {
  await openStep({ 'comparisons.read': () => MEASURED, 'comparisons.getVoting': () => ({ ...VOTING, voted: 1 }) });
  await screen.findByRole('table', { name: 'On held-out pairs' });
  await userEvent.click(await screen.findByRole('button', { name: 'Go on voting' }));
  await userEvent.click(screen.getByRole('button', { name: 'Show answers with names' }));
  expect(await findViolations()).toEqual([]);
});
