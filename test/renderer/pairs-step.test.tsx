/** @file The Pairs step as a person uses it: pairs to examples, duplicates, contradictions, held-out prompts, weights. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { Choices } from '#contract/choices.ts';
import { AppError } from '#contract/errors.ts';
import { findViolations } from './support/axe.ts';
import { VERSION } from './support/data-answers.ts';
import type { Answers, FakeClient } from './support/fake-client.ts';
import { balanceAt, CONFLICT, EXAMPLES, MADE, pairAt, PAIRS, SURVEY } from './support/pairs-answers.ts';
import { setupClient, type SetupClient } from './support/setup-answers.ts';
import { showApp } from './support/show-app.tsx';
import { stepsOf } from './support/steps.ts';

function openStep(answers: Answers = {}, given: Partial<Choices> = {}): SetupClient {
  const client: SetupClient = setupClient('pairs', given, {
    'tasks.list': () => [],
    'datasets.list': () => [EXAMPLES],
    'datasets.readRows': () => ({ rows: [pairAt(0), pairAt(1)] }),
    'pairs.balance': () => balanceAt(Number(client.choices().settings['undesirable_weight'] ?? 1)),
    ...answers,
  });
  showApp(client);
  return client;
}

const section = (name: string): Promise<HTMLElement> => screen.findByRole('region', { name });

const askedFor = (client: FakeClient, name: string): unknown[] =>
  client.asked.filter(([asked]) => asked === name).map(([, input]) => input);

const fail = (message: string) => (): never => {
  throw new AppError('store', message);
};

test('without data the step says what it will be, and shows the way to the data', async () => {
  const steps = stepsOf({ pairs: { state: 'blocked', note: 'There are no rows yet.', first: 'data' } });
  openStep({ 'datasets.list': () => [], 'steps.list': () => steps });
  expect(await screen.findByRole('heading', { name: 'Pairs opens after the first data' })).toBeTruthy();
  expect(screen.getAllByText('There are no rows yet.').length).toBeGreaterThan(0);
  await userEvent.click(screen.getByRole('button', { name: 'Go to Data' }));
  expect(await section('Data')).toBeTruthy();
});

test('datasets that are on their way, and datasets that can not be listed, are told in words', async () => {
  const list = Promise.withResolvers<never>();
  openStep({ 'datasets.list': () => list.promise });
  expect(await screen.findByRole('progressbar', { name: 'Loading the datasets' })).toBeTruthy();
  list.reject(new AppError('store', 'The store is damaged.'));
  expect((await screen.findByRole('alert')).textContent).toContain('The store is damaged.');
});

test('a pair is shown beside its two examples, and all become a dataset, which is chosen', async () => {
  const client = openStep({
    'datasets.list': () => [EXAMPLES, PAIRS],
    'pairs.unpair': () => VERSION,
  });
  const unpair = await section('From pairs to examples');
  expect(within(unpair).getByText(/2 pairs become 4 examples/)).toBeTruthy();
  expect(await within(unpair).findByText('Pair 1 of 2')).toBeTruthy();
  // In the pair, and again in the example that it becomes.
  expect(within(unpair).getAllByText('Better 1')).toHaveLength(2);
  expect(within(unpair).getAllByText('Worse 1')).toHaveLength(2);
  await userEvent.click(within(unpair).getByRole('button', { name: 'Next pair' }));
  expect(within(unpair).getAllByText('Worse 2')).toHaveLength(2);
  expect(within(unpair).getByRole('button', { name: 'Next pair' }).hasAttribute('disabled')).toBe(true);
  const name = within(unpair).getByLabelText('Name of the new dataset');
  await userEvent.clear(name);
  expect(within(unpair).getByRole('button', { name: 'Make examples' }).hasAttribute('disabled')).toBe(true);
  await userEvent.type(name, 'Singles');
  await userEvent.click(within(unpair).getByRole('button', { name: 'Make examples' }));
  expect(askedFor(client, 'pairs.unpair')).toMatchObject([{ versionId: 8, name: 'Singles' }]);
  await waitFor(() => expect(screen.queryByRole('region', { name: 'From pairs to examples' })).toBeNull());
  expect(await screen.findByDisplayValue('ratings · version 1 · 40 rows')).toBeTruthy();
});

test('pairs that can not be taken apart say why', async () => {
  openStep({
    'datasets.list': () => [PAIRS],
    'datasets.readRows': fail('Row 1 is damaged.'),
    'pairs.unpair': fail('There is a dataset of this name.'),
  });
  const unpair = await section('From pairs to examples');
  expect((await within(unpair).findByRole('alert')).textContent).toContain('Row 1 is damaged.');
  await userEvent.click(within(unpair).getByRole('button', { name: 'Make examples' }));
  expect(await within(unpair).findByText(/There is a dataset of this name/)).toBeTruthy();
});

test('duplicates and contradictions are listed, decided, and left out of the next version', async () => {
  const client = openStep({
    'pairs.survey': ({ choices: { decisions } }) => ({ ...SURVEY, conflicts: [{ ...CONFLICT, decision: decisions[0]?.decision ?? null }] }),
    'pairs.clean': () => ({ ...VERSION, id: 6, number: 2 }),
  });
  const clean = await section('Duplicates and contradictions');
  await userEvent.click(within(clean).getByRole('button', { name: 'Look for duplicates' }));
  expect(await within(clean).findByText('2 rows repeated to the letter')).toBeTruthy();
  expect(within(clean).getByText('3 rows wait for your decision')).toBeTruthy();
  expect(within(clean).getByText(/34 of 40 rows stay\. Contradictions that you don’t decide are left out\./)).toBeTruthy();
  const conflict = within(clean).getByRole('group', { name: 'Contradiction 1' });
  expect(within(conflict).getByText('said by 2 rows')).toBeTruthy();
  const [, second] = within(conflict).getAllByRole('button', { name: 'This is right' });
  await userEvent.click(second);
  await waitFor(() => expect(second?.getAttribute('aria-pressed')).toBe('true'));
  await userEvent.click(within(within(clean).getByRole('radiogroup', { name: 'Duplicates' })).getByLabelText('Keep all'));
  const choices = { duplicates: 'keep', compare: 'near', conflicts: 'ask', decisions: [{ key: 77, decision: 'second' }] };
  await waitFor(() => expect(askedFor(client, 'pairs.survey').at(-1)).toMatchObject({ versionId: 5, choices }));
  await userEvent.click(within(clean).getByRole('button', { name: 'Save as version 2' }));
  expect(askedFor(client, 'pairs.clean')).toMatchObject([{ versionId: 5, choices }]);
});

test('rows without duplicates say so and offer no version; a search that fails can be tried again', async () => {
  const none = { mergedExact: 0, mergedNear: 0, emptyAnswer: 0, sameAnswers: 0, conflict: 0, pending: 0 };
  let survey = fail('The store is busy.') as () => typeof SURVEY;
  openStep({ 'pairs.survey': () => survey() });
  const clean = await section('Duplicates and contradictions');
  await userEvent.click(within(clean).getByRole('button', { name: 'Look for duplicates' }));
  expect((await within(clean).findByRole('alert')).textContent).toContain('The store is busy.');
  survey = () => ({ ...SURVEY, kept: 40, counts: none, conflictCount: 0, conflicts: [], mostRepeated: [] });
  await userEvent.click(within(clean).getByRole('button', { name: 'Look for duplicates' }));
  expect(await within(clean).findByText('None among 40 rows.')).toBeTruthy();
  expect(within(clean).queryByRole('alert')).toBeNull();
  expect(within(clean).queryByRole('button', { name: /Save as version/ })).toBeNull();
});

test('prompts are held out as asked, and the sizes of all sides are shown', async () => {
  const client = openStep({
    'pairs.split': () => {
      const choose = { projectId: 1, changes: { data: { versionId: 5, splitId: 12 } } };
      void client.request('choices.set', choose);
      return MADE;
    },
    'pairs.getSplit': () => ({ id: 12, trainCount: 30, heldOutCount: 8, leftOutCount: 2, ratio: 0.2, seed: 7 }),
  });
  const split = await section('Hold out prompts');
  expect(within(split).getByText('Nothing is held out yet.')).toBeTruthy();
  const ratio = within(split).getByLabelText('Share of the prompts');
  await userEvent.clear(ratio);
  await userEvent.type(ratio, '20');
  const seed = within(split).getByLabelText('Seed');
  await userEvent.clear(seed);
  await userEvent.type(seed, '7');
  await userEvent.click(within(split).getByLabelText('Keep nearly identical prompts on one side'));
  await userEvent.click(within(split).getByRole('button', { name: 'Hold out' }));
  const asked = { projectId: 1, versionId: 5, ratio: 0.2, seed: 7, keepNearTogether: false };
  expect(askedFor(client, 'pairs.split')).toMatchObject([asked]);
  const sizes = 'Sizes of both sides: Trained on 30 rows, Held out 8 rows, On neither side 2 rows';
  expect(await within(split).findByRole('img', { name: sizes })).toBeTruthy();
  expect(within(split).getByText('Held out: 8 rows (20 %)')).toBeTruthy();
  expect(within(split).getByText('7 prompts · 6 desirable, 2 undesirable')).toBeTruthy();
  expect(within(split).getByText('20 % of the prompts, seed 7')).toBeTruthy();
  expect(within(split).getByText('How are you? ≈ how are you')).toBeTruthy();
  expect(within(split).getByRole('button', { name: 'Hold out anew' })).toBeTruthy();
});

test('a split that can not be made, and one that is gone, say why', async () => {
  const data = { versionId: 5, splitId: 12 };
  openStep({ 'pairs.getSplit': fail('There is no split 12.'), 'pairs.split': fail('There is one prompt only.') }, { data });
  const split = await section('Hold out prompts');
  expect((await within(split).findByRole('alert')).textContent).toContain('There is no split 12.');
  await userEvent.click(within(split).getByRole('button', { name: 'Hold out anew' }));
  expect(await within(split).findByText(/There is one prompt only/)).toBeTruthy();
});

test('the advised weights are applied with one click, and other settings stay', async () => {
  const client = openStep({}, { settings: { beta: 0.2 } });
  const balance = await section('Balance of labels');
  expect(await within(balance).findByRole('img', { name: '30 desirable and 10 undesirable examples' })).toBeTruthy();
  expect(within(balance).getByText('8 of 10 batches of 4 hold both labels (80 %).')).toBeTruthy();
  const raise = within(balance).getByRole('group', { name: 'Weigh the rare label more' });
  expect(within(raise).getByText('advised')).toBeTruthy();
  await userEvent.click(within(raise).getByRole('button', { name: 'Use' }));
  expect(client.choices().settings).toEqual({ beta: 0.2, undesirable_weight: 3 });
  expect(await within(raise).findByRole('button', { name: 'in use' })).toBeTruthy();
  const leave = within(balance).getByRole('group', { name: 'Leave as it is' });
  await userEvent.click(within(leave).getByRole('button', { name: 'Use' }));
  // A weight of 1 is the default, which is not kept.
  expect(client.choices().settings).toEqual({ beta: 0.2 });
});

test('leaving examples out is a task of the version and its split, and says why it fails', async () => {
  const client = openStep({ 'pairs.subsample': fail('The disk is full.') });
  const balance = await section('Balance of labels');
  const subsample = await within(balance).findByRole('group', { name: 'Leave some out' });
  await userEvent.click(within(subsample).getByRole('button', { name: 'Use' }));
  expect(askedFor(client, 'pairs.subsample')).toMatchObject([{ projectId: 1, versionId: 5, splitId: null }]);
  expect((await within(subsample).findByRole('alert')).textContent).toContain('The disk is full.');
});

test('labels that are being counted, and can not be counted, are told in words', async () => {
  const balance = Promise.withResolvers<never>();
  openStep({ 'pairs.balance': () => balance.promise });
  expect(await screen.findByRole('progressbar', { name: 'Counting labels' })).toBeTruthy();
  balance.reject(new AppError('store', 'Rows can not be read.'));
  expect((await within(await section('Balance of labels')).findByRole('alert')).textContent).toContain('Rows can not be read.');
});

test('a screen reader finds its way through the whole step', async () => {
  openStep({ 'datasets.list': () => [EXAMPLES, PAIRS], 'pairs.survey': () => SURVEY });
  const clean = await section('Duplicates and contradictions');
  await userEvent.click(within(clean).getByRole('button', { name: 'Look for duplicates' }));
  await within(clean).findByRole('group', { name: 'Contradiction 1' });
  expect(await findViolations()).toEqual([]);
});
