/** @file The steps of a project: which is shown, what is done, what is blocked and why. */
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { Step } from '#contract/steps.ts';
import { EMPTY_PROJECT } from './support/empty-project.ts';
import { fakeClient, type FakeClient } from './support/fake-client.ts';
import { showApp } from './support/show-app.tsx';
import { stepsOf } from './support/steps.ts';

const DATA_DONE = {
  data: { state: 'done', note: '1 dataset.' },
  chat: { state: 'blocked', note: 'After the first run.', first: 'train' },
} as const;

function clientWith(steps: () => Step[]): FakeClient {
  return fakeClient({
    'projects.list': () => [{ id: 1, name: 'Reviews', notes: '', createdAt: 0, updatedAt: 0 }],
    'app.getPreferences': () => ({ theme: 'auto', showAdvancedSettings: false, offline: false }),
    'steps.list': steps,
    ...EMPTY_PROJECT,
  });
}

async function openProject(steps: () => Step[]): Promise<FakeClient> {
  const client = clientWith(steps);
  showApp(client);
  await userEvent.click(await screen.findByRole('button', { name: 'Reviews' }));
  await screen.findByRole('navigation', { name: 'Steps' });
  return client;
}

const step = (name: RegExp): HTMLElement => within(screen.getByRole('navigation', { name: 'Steps' })).getByRole('button', { name });

test('a project opens at the first step that is not done', async () => {
  await openProject(() => stepsOf(DATA_DONE));
  expect(step(/Pairs/).getAttribute('aria-current')).toBe('step');
  expect(screen.getByRole('region', { name: 'Pairs' })).toBeTruthy();
  expect(step(/Data, done/)).toBeTruthy();
});

test('a step that becomes done stays where a person looks', async () => {
  let done = false;
  const client = await openProject(() => stepsOf(done ? { data: { state: 'done' } } : {}));
  expect(step(/Data, to do/).getAttribute('aria-current')).toBe('step');
  done = true;
  act(() => client.tell('choices.changed', { projectId: 1 }));
  expect((await screen.findByRole('button', { name: /Data, done/ })).getAttribute('aria-current')).toBe('step');
});

test('a blocked step says what it will be, why it is not yet, and leads to what comes first', async () => {
  await openProject(() => stepsOf(DATA_DONE));
  step(/Chat, blocked/).focus();
  await userEvent.keyboard('{Enter}');
  expect(screen.getByRole('heading', { name: 'Chat opens after the first run' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Go to Train' }));
  expect(step(/Train/).getAttribute('aria-current')).toBe('step');
});

test('a reload shows the same project and step', async () => {
  await openProject(() => stepsOf(DATA_DONE));
  await userEvent.click(step(/Model/));
  document.body.replaceChildren();
  showApp(clientWith(() => stepsOf(DATA_DONE)));
  expect(await screen.findByRole('region', { name: 'Model' })).toBeTruthy();
});

test('steps that can not be listed say why', async () => {
  const client = clientWith(() => {
    throw new AppError('store', 'The store is damaged.');
  });
  showApp(client);
  await userEvent.click(await screen.findByRole('button', { name: 'Reviews' }));
  expect((await screen.findByRole('alert')).textContent).toContain('The store is damaged.');
});

test('a screen reader is told the state and the reason', async () => {
  await openProject(() => stepsOf(DATA_DONE));
  const chat = step(/Chat, blocked/);
  expect(document.querySelector(`#${chat.getAttribute('aria-describedby')}`)?.textContent).toBe('After the first run.');
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
});
