/** @file What is done with a project as a whole, as a person does it. */
import { configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { AppError, OutputBusyError } from '#contract/errors.ts';
import type { Project } from '#contract/projects.ts';
import { findViolations } from './support/axe.ts';
import { EMPTY_PROJECT } from './support/empty-project.ts';
import { fakeClient, type Answers, type FakeClient } from './support/fake-client.ts';
import { showApp } from './support/show-app.tsx';
import { stepsOf } from './support/steps.ts';

configure({ asyncUtilTimeout: 8000 });

const projectOf = (id: number, name: string): Project => ({ id, name, notes: '', createdAt: 0, updatedAt: 0 });

async function open(answers: Answers = {}): Promise<FakeClient> {
  sessionStorage.setItem('project', '1');
  let projects = [projectOf(1, 'Reviews')];
  const client: FakeClient = fakeClient({
    'projects.list': () => projects,
    'app.getPreferences': () => ({ theme: 'auto', showAdvancedSettings: false, offline: false }),
    'steps.list': () => stepsOf({}),
    ...EMPTY_PROJECT,
    'projects.rename': ({ id, name }) => {
      projects = projects.map((project) => (project.id === id ? { ...project, name } : project));
      queueMicrotask(() => client.tell('projects.changed'));
      return projectOf(id, name);
    },
    'projects.duplicate': ({ name }) => {
      projects = [...projects, projectOf(2, name)];
      queueMicrotask(() => client.tell('projects.changed'));
      return projectOf(2, name);
    },
    'projects.describeContents': () => ({ datasets: 2, runs: 1, adapters: 1, folders: ['/data/runs/kto-1'], bytes: 4_200_000 }),
    'projects.delete': ({ id }) => {
      projects = projects.filter((project) => project.id !== id);
      queueMicrotask(() => client.tell('projects.changed'));
    },
    'projects.reveal': () => ({ path: '/data/runs', shown: false }),
    ...answers,
  });
  showApp(client);
  await userEvent.click(await screen.findByRole('button', { name: 'What to do with the project Reviews' }));
  return client;
}

// Without a layout nothing can be placed, so the menu counts as hidden.
const choose = async (item: string): Promise<void> => userEvent.click(await screen.findByRole('menuitem', { name: item, hidden: true }));

describe('a project', () => {
  it('gets another name', async () => {
    await open();
    await choose('Rename…');
    const dialog = await screen.findByRole('dialog', { name: 'Rename the project' });
    const name = within(dialog).getByRole('textbox', { name: 'Name' });
    await userEvent.clear(name);
    expect(within(dialog).getByRole('button', { name: 'Rename' }).hasAttribute('disabled')).toBe(true);
    await userEvent.type(name, 'Support{Enter}');
    expect(await screen.findByRole('heading', { name: 'Support' })).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('is told where it was typed that a name is taken', async () => {
    await open({
      'projects.rename': () => {
        throw new AppError('store', 'There is already a project called “Support”. Choose another name.');
      },
    });
    await choose('Rename…');
    await userEvent.click(await screen.findByRole('button', { name: 'Rename' }));
    expect(await screen.findByText(/Choose another name/)).toBeTruthy();
  });

  it('is copied, and the copy is shown', async () => {
    const client = await open();
    await choose('Duplicate…');
    await userEvent.click(await screen.findByRole('button', { name: 'Duplicate' }));
    expect(client.asked).toContainEqual(['projects.duplicate', { id: 1, name: 'Reviews (copy)' }]);
    expect(await screen.findByRole('heading', { name: 'Reviews (copy)' })).toBeTruthy();
  });

  it('is deleted after a question that says what goes with it', async () => {
    const client = await open();
    await choose('Delete…');
    const dialog = await screen.findByRole('dialog', { name: 'Delete Reviews?' });
    expect(await within(dialog).findByText(/2 datasets, 1 run and 1 adapter go with it/)).toBeTruthy();
    expect(await findViolations()).toEqual([]);
    await userEvent.click(within(dialog).getByRole('checkbox', { name: /too \(4\.2 MB\)$/ }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Delete project' }));
    expect(client.asked).toContainEqual(['projects.delete', { id: 1, deleteFiles: false }]);
    expect(await screen.findByRole('heading', { name: 'No project is open' })).toBeTruthy();
  });

  it('is not deleted while a run of it is under way', async () => {
    await open({
      'projects.delete': () => {
        throw new OutputBusyError('KTO 1 is under way. Stop it, then delete the project.', { folder: '/data/runs/kto-1' });
      },
    });
    await choose('Delete…');
    await userEvent.click(await screen.findByRole('button', { name: 'Delete project' }));
    expect((await screen.findByRole('alert')).textContent).toContain('KTO 1 is under way');
    expect(screen.getByRole('heading', { name: 'Reviews' })).toBeTruthy();
  });

  it('says where its runs are where no file manager can show them', async () => {
    await open();
    await choose('Show folder');
    expect((await screen.findByRole('status')).textContent).toBe('Its runs are in /data/runs');
  });
});
