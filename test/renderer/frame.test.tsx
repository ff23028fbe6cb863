/** @file The frame around every screen, as a person uses it. */
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import type { Preferences } from '#contract/app.ts';
import { AppError } from '#contract/errors.ts';
import type { Project } from '#contract/projects.ts';
import { fakeClient, type Answers, type FakeClient } from './support/fake-client.ts';
import { showApp } from './support/show-app.tsx';
import { EMPTY_PROJECT } from './support/empty-project.ts';
import { stepsOf } from './support/steps.ts';

const INFO = {
  version: '1.2.3',
  host: 'browser',
  platform: 'linux',
  dataFolder: '/home/me/prospect',
  logFile: '/home/me/prospect/logs/prospect.log',
  nodeVersion: '24.0.0',
  electronVersion: null,
  readOnly: false,
} as const;

/** A main with projects that can be made. */
function clientWith(names: readonly string[], answers: Answers = {}): FakeClient {
  const projects: Project[] = names.map((name, index) => ({ id: index + 1, name, notes: '', createdAt: 0, updatedAt: 0 }));
  let preferences: Preferences = { theme: 'auto', showAdvancedSettings: false, offline: false };
  const client: FakeClient = fakeClient({
    'projects.list': () => [...projects],
    'projects.create': ({ name }) => {
      const project = { id: projects.length + 1, name, notes: '', createdAt: 0, updatedAt: 0 };
      projects.unshift(project);
      queueMicrotask(() => client.tell('projects.changed'));
      return project;
    },
    'app.getPreferences': () => preferences,
    'app.setPreferences': (changes) => {
      preferences = { ...preferences, ...changes };
      queueMicrotask(() => client.tell('app.preferencesChanged', preferences));
      return preferences;
    },
    'app.getInfo': () => INFO,
    'steps.list': () => stepsOf({}),
    ...EMPTY_PROJECT,
    'app.listLicences': () => [{ name: 'zod', version: '4.0.0', licence: 'MIT', text: 'Permission is hereby granted' }],
    ...answers,
  });
  return client;
}

test('without a project the page says how to begin', async () => {
  showApp(clientWith([]));
  expect(await screen.findByText(/Press New to make the first/)).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'No project is open' })).toBeTruthy();
});

test('a project is chosen from the list by mouse or keyboard', async () => {
  showApp(clientWith(['Reviews', 'Support']));
  const list = screen.getByRole('navigation', { name: 'Projects' });
  await userEvent.click(await within(list).findByRole('button', { name: 'Support' }));
  expect(screen.getByRole('heading', { name: 'Support' })).toBeTruthy();
  within(list).getByRole('button', { name: 'Reviews' }).focus();
  await userEvent.keyboard('{Enter}');
  expect(screen.getByRole('heading', { name: 'Reviews' })).toBeTruthy();
  expect(within(list).getByRole('button', { name: 'Reviews' }).getAttribute('aria-current')).toBe('page');
});

test('a project is made by its name and opened', async () => {
  const client = clientWith([]);
  showApp(client);
  await userEvent.click(screen.getByRole('button', { name: 'New' }));
  const dialog = await screen.findByRole('dialog', { name: 'New project' });
  await userEvent.type(within(dialog).getByLabelText('Name'), 'Reviewer #2{Enter}');
  expect(await screen.findByRole('heading', { name: 'Reviewer #2' })).toBeTruthy();
  expect(client.asked).toContainEqual(['projects.create', { name: 'Reviewer #2' }]);
});

test('a name that is refused is explained where it was typed', async () => {
  const refuse = () => {
    throw new AppError('store', 'There is already a project called “Reviews”. Choose another name.');
  };
  showApp(clientWith(['Reviews'], { 'projects.create': refuse }));
  await userEvent.click(screen.getByRole('button', { name: 'New' }));
  const dialog = await screen.findByRole('dialog', { name: 'New project' });
  await userEvent.type(within(dialog).getByLabelText('Name'), 'Reviews{Enter}');
  expect(await within(dialog).findByText(/Choose another name/)).toBeTruthy();
});

test('a list that can not be read says why', async () => {
  const fail = () => Promise.reject(new AppError('store', 'The store is damaged.'));
  showApp(clientWith([], { 'projects.list': fail }));
  expect((await screen.findByRole('alert')).textContent).toContain('The store is damaged.');
});

test('what another window changed is shown here', async () => {
  const names = ['Reviews'];
  const list = () => names.map((name, index) => ({ id: index + 1, name, notes: '', createdAt: 0, updatedAt: 0 }));
  const client = clientWith([], { 'projects.list': list });
  showApp(client);
  await screen.findByRole('button', { name: 'Reviews' });
  names.push('Support');
  act(() => client.tell('projects.changed'));
  expect(await screen.findByRole('button', { name: 'Support' })).toBeTruthy();
});

test('the menu opens dialogs', async () => {
  const client = clientWith([]);
  showApp(client);
  act(() => client.tell('app.menuChosen', { command: 'about' }));
  expect(await screen.findByText(/Prospect 1\.2\.3/)).toBeTruthy();
  expect(await screen.findByRole('button', { name: /zod 4\.0\.0 · MIT/ })).toBeTruthy();
  act(() => client.tell('app.menuChosen', { command: 'new-project' }));
  expect(await screen.findByRole('dialog', { name: 'New project' })).toBeTruthy();
});

test('the look is chosen for all windows', async () => {
  showApp(clientWith([]));
  await userEvent.click(await screen.findByRole('button', { name: 'Preferences…' }));
  await userEvent.click(await screen.findByRole('radio', { name: 'Dark' }));
  await waitFor(() => expect(document.documentElement.dataset['mantineColorScheme']).toBe('dark'));
});

test('a lost connection is said, and everything is asked again when it is back', async () => {
  const client = clientWith(['Reviews']);
  showApp(client);
  await screen.findByRole('button', { name: 'Reviews' });
  act(() => client.connect('lost'));
  expect(screen.getByRole('status').textContent).toContain('connection to Prospect is lost');
  const before = client.asked.length;
  act(() => client.connect('open'));
  expect(screen.queryByRole('status')).toBeNull();
  await waitFor(() => expect(client.asked.slice(before).map(([name]) => name)).toContain('projects.list'));
});

test('a link of an earlier start is said to be old', async () => {
  const client = clientWith([]);
  showApp(client);
  act(() => client.connect('refused'));
  expect((await screen.findByRole('status')).textContent).toContain('no longer good');
});

test('a screen reader finds its way', async () => {
  const { container } = showApp(clientWith(['Reviews']));
  await screen.findByRole('button', { name: 'Reviews' });
  // Colours need a real browser; test/e2e looks at them there.
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
});
