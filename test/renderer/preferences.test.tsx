/** @file The preferences, as a person uses them. */
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { Preferences } from '#contract/app.ts';
import type { EngineList } from '#contract/engines.ts';
import { AppError, OutputBusyError } from '#contract/errors.ts';
import type { Task } from '#contract/tasks.ts';
import { findViolations } from './support/axe.ts';
import { engineList } from './support/engine-answers.ts';
import { fakeClient, type Answers, type FakeClient } from './support/fake-client.ts';
import { showApp } from './support/show-app.tsx';

const TASK: Task = {
  id: 'test-1',
  projectId: null,
  title: 'Test of the engines',
  done: 1,
  total: 3,
  unit: 'engines',
  share: 1 / 3,
  perSecond: null,
  msLeft: 30_000,
  waiting: false,
  cancelling: false,
};

function clientWith(answers: Answers = {}, first: EngineList = engineList()): FakeClient {
  let list = first;
  let preferences: Preferences = { theme: 'auto', showAdvancedSettings: false, offline: false };
  const client: FakeClient = fakeClient({
    'projects.list': () => [],
    'app.getPreferences': () => preferences,
    'app.setPreferences': (changes) => {
      preferences = { ...preferences, ...changes };
      queueMicrotask(() => client.tell('app.preferencesChanged', preferences));
      return preferences;
    },
    'hub.getAccess': () => ({ url: 'https://huggingface.co', offlineBecause: null }),
    'engines.list': () => list,
    'engines.choose': ({ engine }) => {
      list = { ...list, chosen: engine };
      queueMicrotask(() => client.tell('engines.changed'));
    },
    'tasks.list': () => [],
    'tasks.cancel': () => undefined,
    ...answers,
  });
  return client;
}

async function open(client: FakeClient): Promise<HTMLElement> {
  showApp(client);
  act(() => client.tell('app.menuChosen', { command: 'preferences' }));
  const dialog = await screen.findByRole('dialog', { name: 'Preferences' });
  await within(dialog).findByRole('table', { name: 'Engines' });
  return dialog;
}

describe('what computes', () => {
  it('shows what is here with its device, rate and error, and why the rest is not', async () => {
    const dialog = await open(clientWith());
    const table = within(dialog).getByRole('table', { name: 'Engines' });
    const cpu = within(table).getByRole('row', { name: /^Processor\s*onnx:cpu/ });
    expect(cpu.textContent).toContain('A processor, 8 threads');
    expect(cpu.textContent).toContain('91 GFLOP/s');
    const card = within(table).getByRole('row', { name: /WebGPU/ });
    expect(card.textContent).toContain('80.0 GiB');
    expect(card.textContent).toContain('not tested');
    expect(within(table).getByRole('row', { name: /TensorFlow/ }).textContent).toContain('Does not run. It ended by SIGSEGV.');
    expect(within(table).queryByText(/DirectML/)).toBeNull();
    expect(within(dialog).getByRole('region', { name: 'Not on this machine' }).textContent).toContain('DirectML is a part of Windows.');
    expect(within(dialog).getByText('the fastest that works here: Processor')).toBeTruthy();
  });

  it('keeps what is chosen, and does not offer what does not work', async () => {
    const client = clientWith();
    const dialog = await open(client);
    expect(within(dialog).getByRole<HTMLInputElement>('radio', { name: /^Automatic/ }).checked).toBe(true);
    expect(within(dialog).getByRole<HTMLInputElement>('radio', { name: 'Processor through TensorFlow' }).disabled).toBe(true);
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Graphics card through WebGPU' }));
    expect(client.asked).toContainEqual(['engines.choose', { engine: 'onnx:webgpu' }]);
    await waitFor(() =>
      expect(within(dialog).getByRole<HTMLInputElement>('radio', { name: 'Graphics card through WebGPU' }).checked).toBe(true),
    );
  });

  it('tests one engine or all, shows how far that is, and can be cancelled', async () => {
    const answered = Promise.withResolvers<EngineList>();
    const client = clientWith({ 'engines.test': () => answered.promise });
    const dialog = await open(client);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Test Graphics card through WebGPU' }));
    expect(client.asked).toContainEqual(['engines.test', { task: expect.any(String), engines: ['onnx:webgpu'] }]);
    act(() => client.tell('tasks.changed', { tasks: [TASK] }));
    expect(await within(dialog).findByText(/1 of 3 engines/)).toBeTruthy();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    expect(client.asked).toContainEqual(['tasks.cancel', { id: 'test-1' }]);
    answered.reject(new AppError('cancelled', 'Cancelled. Nothing was changed.'));
    act(() => client.tell('tasks.changed', { tasks: [] }));
    await userEvent.click(await within(dialog).findByRole('button', { name: 'Test all' }));
    expect(client.asked.filter(([name]) => name === 'engines.test').at(-1)?.[1]).toMatchObject({ engines: null });
    expect(within(dialog).queryByRole('alert')).toBeNull();
  });

  it('says why a test was refused, and when the last one is worth nothing', async () => {
    const refuse = () => {
      throw new OutputBusyError('KTO 1 is under way, and would make every measurement wrong.', { folder: '' });
    };
    const dialog = await open(clientWith({ 'engines.test': refuse }, engineList({ isOutdated: true, fastest: null })));
    expect(within(dialog).getByText(/The machine or a driver has changed/)).toBeTruthy();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Test all' }));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('KTO 1 is under way');
  });

  it('still shows an engine that was chosen and is gone', async () => {
    const dialog = await open(clientWith({}, engineList({ chosen: 'onnx:dml' })));
    const row = within(dialog).getByRole('row', { name: /DirectML/ });
    expect(row.textContent).toContain('DirectML is a part of Windows.');
    expect(within(row).getByRole<HTMLInputElement>('radio').checked).toBe(true);
  });
});

describe('the rest', () => {
  it('is chosen for all windows', async () => {
    const client = clientWith();
    const dialog = await open(client);
    await userEvent.click(within(dialog).getByRole('switch', { name: /^Offline mode/ }));
    await userEvent.click(within(dialog).getByRole('switch', { name: /all settings/ }));
    expect(client.asked).toContainEqual(['app.setPreferences', { offline: true }]);
    expect(client.asked).toContainEqual(['app.setPreferences', { showAdvancedSettings: true }]);
  });

  it('says what forbids the network whatever is preferred', async () => {
    const because = 'HF_HUB_OFFLINE is set, so Prospect does not use the network.';
    const dialog = await open(clientWith({ 'hub.getAccess': () => ({ url: '', offlineBecause: because }) }));
    expect(await within(dialog).findByText(/HF_HUB_OFFLINE is set/)).toBeTruthy();
    const offline = within(dialog).getByRole<HTMLInputElement>('switch', { name: /^Offline mode/ });
    expect([offline.checked, offline.disabled]).toEqual([true, true]);
  });

  it('says what can not be read, part by part', async () => {
    const fail = () => Promise.reject(new AppError('store', 'The store is damaged.'));
    const client = clientWith({ 'engines.list': fail });
    showApp(client);
    act(() => client.tell('app.menuChosen', { command: 'preferences' }));
    const dialog = await screen.findByRole('dialog', { name: 'Preferences' });
    expect((await within(dialog).findByRole('alert')).textContent).toContain('The store is damaged.');
    expect(within(dialog).getByRole('switch', { name: /^Offline mode/ })).toBeTruthy();
  });
});

it('a screen reader finds its way', async () => {
  const list = engineList();
  await open(clientWith({}, { ...list, isOutdated: true, chosen: 'onnx:dml' }));
  expect(await findViolations()).toEqual([]);
});
