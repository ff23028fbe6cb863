/** @file The Train step, as a person uses it; curves are drawn in test/e2e, where there is a canvas. */
import { act, configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import type { RunDetails, RunStatus } from '#contract/runs.ts';
import { engineList } from './support/engine-answers.ts';
import { fakeClient, type Answers, type FakeClient } from './support/fake-client.ts';
import { LIVE, RUN } from './support/run-answers.ts';
import { PREVIEW } from './support/setup-answers.ts';
import { showApp } from './support/show-app.tsx';
import { stepsOf } from './support/steps.ts';

// Whole pages, on a machine that may be busy with other tests.
configure({ asyncUtilTimeout: 8000 });

const run = (change: Partial<RunDetails> = {}): RunDetails => ({ ...RUN, ...change });

/** A main with these runs. */
function clientWith(runs: readonly RunDetails[], answers: Answers = {}): FakeClient {
  const find = (id: number): RunDetails => runs.find((known) => known.id === id) ?? run();
  return fakeClient({
    'projects.list': () => [{ id: 1, name: 'Reviews', notes: '', createdAt: 0, updatedAt: 0 }],
    'app.getPreferences': () => ({ theme: 'auto', showAdvancedSettings: false, offline: false }),
    'steps.list': () => stepsOf({}),
    'choices.get': () => ({ data: null, modelFolder: '/models/tiny', adapterId: null, probePrompts: null, methods: ['kto'], settings: {} }),
    'choices.set': ({ changes }) => ({
      data: null,
      modelFolder: '/models/tiny',
      adapterId: null,
      probePrompts: null,
      methods: changes.methods ?? ['kto'],
      settings: {},
    }),
    'adapters.list': () => [],
    'settings.check': () => ({ problem: null, warnings: [], resolved: {} }),
    'settings.preview': ({ method }) => ({ ...PREVIEW, method }),
    'engines.list': () => engineList(),
    'runs.list': () => [...runs],
    'runs.get': ({ runId }) => find(runId),
    'runs.readMetrics': () => ({
      series: [
        { key: 'loss', steps: [1, 2], values: [0.5, 0.25] },
        { key: 'eval_loss', steps: [2], values: [0.4] },
        { key: 'epoch', steps: [1, 2], values: [0.1, 0.2] },
      ],
      nextStep: null,
    }),
    'runs.readLog': () => [{ at: 0, kind: 'warning', text: 'One row was cut.' }],
    'runs.listSamples': () => [],
    'runs.listHints': () => [{ group: 'loss', kind: 'warning', text: 'eval_loss was lowest at step 1.' }],
    'runs.isQueueHeld': () => false,
    'comparisons.findPartner': () => null,
    'runs.pause': () => undefined,
    'runs.resume': () => undefined,
    'runs.stop': () => undefined,
    ...answers,
  });
}

async function openTrain(client: FakeClient): Promise<void> {
  showApp(client);
  await userEvent.click(await screen.findByRole('button', { name: 'Reviews' }));
  await userEvent.click(await screen.findByRole('button', { name: /^Train,/ }));
}

test('what is chosen is started with one press', async () => {
  const started = run();
  const client = clientWith([], { 'runs.create': () => [started], 'runs.get': () => started });
  await openTrain(client);
  await userEvent.click(await screen.findByRole('button', { name: 'Start training' }));
  await waitFor(() =>
    expect(client.asked).toContainEqual([
      'runs.create',
      { projectId: 1, methods: ['kto'], settings: {}, modelFolder: '/models/tiny', adapterId: null, probePrompts: null, data: null },
    ]),
  );
});

test('without a model the button says what is missing', async () => {
  const client = clientWith([], {
    'choices.get': () => ({ data: null, modelFolder: null, adapterId: null, probePrompts: null, methods: ['kto', 'dpo'], settings: {} }),
  });
  await openTrain(client);
  const button = await screen.findByRole('button', { name: 'Choose a model' });
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Both, to compare' }).checked).toBe(true);
  await userEvent.click(button);
  expect(await screen.findByRole('region', { name: 'Model' })).toBeTruthy();
});

test('a run under way shows its phase, figures, curves, hints and log, and follows what is told', async () => {
  const client = clientWith([run({ live: LIVE })]);
  await openTrain(client);
  expect(await screen.findByRole('heading', { name: 'KTO 1' })).toBeTruthy();
  expect(screen.getByText('Training', { selector: '[aria-current="step"]' })).toBeTruthy();
  expect(screen.getByText('Training · 12 / 100 steps')).toBeTruthy();
  expect(screen.getByText('2 steps/s · 44 s left')).toBeTruthy();
  const chart = await screen.findByRole('figure', { name: 'Loss' });
  expect(within(chart).getByText('0.2500')).toBeTruthy();
  expect(within(chart).getByText('0.4000')).toBeTruthy();
  expect(screen.getByText(/eval_loss was lowest/)).toBeTruthy();
  expect(screen.getByText('One row was cut.')).toBeTruthy();
  act(() =>
    client.tell('runs.progressed', {
      runId: 1,
      projectId: 1,
      live: { ...LIVE, step: 13, done: 13 },
      steps: [{ step: 3, values: { loss: 0.125, epoch: 0.3 } }],
      goesOnAfterStep: null,
      lines: [{ at: 1, kind: 'info', text: 'Saved a checkpoint at step 13.' }],
      samples: [{ step: 3, prompt: 'Review this paper.', answer: 'Reject.' }],
    }),
  );
  expect(await within(chart).findByText('0.1250')).toBeTruthy();
  expect(screen.getByText('13 / 100')).toBeTruthy();
  expect(screen.getByText('Saved a checkpoint at step 13.')).toBeTruthy();
  expect(screen.getByText('Reject.')).toBeTruthy();
});

test('it is paused, resumed, and stopping asks what is meant', async () => {
  let status: RunStatus = 'running';
  const client = clientWith([], {
    'runs.list': () => [run({ status })],
    'runs.get': () => run({ status, live: LIVE }),
    'runs.discard': () => undefined,
  });
  await openTrain(client);
  await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
  expect(client.asked).toContainEqual(['runs.pause', { runId: 1 }]);
  status = 'paused';
  act(() => client.tell('runs.changed', { projectId: 1 }));
  await userEvent.click(await screen.findByRole('button', { name: 'Resume' }));
  expect(client.asked).toContainEqual(['runs.resume', { runId: 1 }]);
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  const dialog = await screen.findByRole('dialog', { name: 'Stop KTO 1?' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Discard' }));
  expect(client.asked.map(([name]) => name)).not.toContain('runs.discard');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Yes, delete this run' }));
  expect(client.asked).toContainEqual(['runs.discard', { runId: 1 }]);
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Stop and save' }));
  expect(client.asked).toContainEqual(['runs.stop', { runId: 1 }]);
});

test('a run that failed says why, what to do, and where it would go on', async () => {
  const problem = {
    code: 'storage',
    title: 'A file could not be read or written',
    message: 'The disk is full.',
    advice: ['Free some space.'],
  };
  await openTrain(clientWith([run({ status: 'failed', problem })]));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('The disk is full.');
  expect(alert.textContent).toContain('Free some space.');
  expect(screen.getByText('Resume goes on after step 10.')).toBeTruthy();
});

test('what was measured after the checkpoint a run goes on from disappears', async () => {
  const client = clientWith([run({ live: LIVE })]);
  await openTrain(client);
  const chart = await screen.findByRole('figure', { name: 'Loss' });
  const told = { runId: 1, projectId: 1, live: LIVE, steps: [], lines: [], samples: [] };
  act(() => client.tell('runs.progressed', { ...told, goesOnAfterStep: 1 }));
  expect(within(chart).getByText('0.5000')).toBeTruthy();
  expect(within(chart).queryByText('0.2500')).toBeNull();
});

test('the history lists runs; one is deleted after a question about its files', async () => {
  const client = clientWith(
    [run({ status: 'completed', adapterId: 5 }), run({ id: 2, name: 'DPO 1', method: 'dpo', status: 'interrupted' })],
    {
      'runs.describeFiles': () => ({ folder: '/data/runs/kto-1', files: 12, bytes: 3_400_000, adapters: 1 }),
      'runs.delete': () => undefined,
    },
  );
  await openTrain(client);
  await userEvent.click(await screen.findByRole('radio', { name: 'History' }));
  const table = await screen.findByRole('table', { name: 'Runs of this project' });
  expect(within(table).getByRole('img', { name: 'Loss of KTO 1, last 0.3000' })).toBeTruthy();
  await userEvent.click(within(table).getByRole('button', { name: 'What to do with KTO 1' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete…', hidden: true }));
  const dialog = await screen.findByRole('dialog', { name: 'Delete KTO 1?' });
  await userEvent.click(await within(dialog).findByRole('checkbox', { name: 'Delete its 12 files, too (3.4 MB)' }));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Delete' }));
  expect(client.asked).toContainEqual(['runs.delete', { runId: 1, deleteFiles: false }]);
  await userEvent.click(within(table).getByRole('button', { name: 'DPO 1' }));
  expect(await screen.findByRole('heading', { name: 'DPO 1' })).toBeTruthy();
});

test('the settings of a run become those of the next', async () => {
  const client = clientWith([run({ status: 'stopped', settings: { beta: 0.2 } })]);
  await openTrain(client);
  await userEvent.click(await screen.findByRole('radio', { name: 'History' }));
  await userEvent.click(await screen.findByRole('button', { name: 'What to do with KTO 1' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Duplicate settings', hidden: true }));
  await waitFor(() =>
    expect(client.asked).toContainEqual([
      'choices.set',
      {
        projectId: 1,
        changes: { settings: { beta: 0.2 }, methods: ['kto'], modelFolder: '/models/tiny', data: { versionId: 3, splitId: null } },
      },
    ]),
  );
});

test('runs that wait from last time are started when a person says so', async () => {
  const client = clientWith([run({ status: 'queued', queuePosition: 1 })], {
    'runs.isQueueHeld': () => true,
    'runs.startQueue': () => undefined,
  });
  await openTrain(client);
  expect(await screen.findByText('Next in the queue.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Start them' }));
  expect(client.asked).toContainEqual(['runs.startQueue', undefined]);
});

test('a screen reader finds its way through a run', async () => {
  const client = clientWith([run({ live: LIVE })]);
  await openTrain(client);
  await screen.findByRole('figure', { name: 'Loss' });
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
});

test('what a run goes on from stands in Configure and on its page', async () => {
  const adapter = { id: 7, name: 'KTO 1', runId: 3, modelFolder: '/models/tiny', modelName: 'tiny', createdAt: 0, isThere: true };
  const client = clientWith([run({ name: 'KTO 2', initialAdapter: { id: null, name: 'KTO 1' } })], {
    'adapters.list': () => [adapter],
    'choices.get': () => ({ data: null, modelFolder: '/models/tiny', adapterId: 7, methods: ['kto'], settings: {} }),
  });
  await openTrain(client);
  expect(await screen.findByText(/goes on from KTO 1 \(deleted since\)/)).toBeTruthy();
  await userEvent.click(screen.getByRole('radio', { name: 'Configure' }));
  expect(await screen.findByText('Goes on from KTO 1')).toBeTruthy();
});

test('after both methods were trained, the way to their comparison is offered, from the run and from the history', async () => {
  const [kto, dpo] = [
    run({ status: 'completed', adapterId: 1 }),
    run({ id: 2, name: 'DPO 1', method: 'dpo', status: 'completed', adapterId: 2 }),
  ];
  const client = clientWith([dpo, kto], {
    'comparisons.findPartner': ({ runId }) => 3 - runId,
    'comparisons.add': () => ({ candidates: [], chosen: [], offered: [], pairs: null, settings: {} as never }),
    'comparisons.get': () => ({ candidates: [], chosen: [], offered: [], pairs: null, settings: {} as never }),
  });
  await openTrain(client);
  await userEvent.click(await screen.findByRole('button', { name: 'Compare these two' }));
  expect(await screen.findByRole('region', { name: 'Compare' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: /^Train,/ }));
  await userEvent.click(await screen.findByText('History'));
  await userEvent.click(await screen.findByRole('button', { name: 'What to do with KTO 1' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Compare', hidden: true }));
  expect(await screen.findByRole('region', { name: 'Compare' })).toBeTruthy();
  expect(client.asked.filter(([name]) => name === 'comparisons.add').map(([, input]) => input)).toEqual([
    { projectId: 1, runId: 2 },
    { projectId: 1, runId: 1 },
  ]);
});
