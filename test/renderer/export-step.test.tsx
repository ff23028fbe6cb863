/** @file The Export step: its states, what is asked of main, and that what is not verified is loud. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { ExportSource, ListedExport } from '#contract/exports.ts';
import { findViolations } from './support/axe.ts';
import type { Answers, FakeClient } from './support/fake-client.ts';
import { setupClient } from './support/setup-answers.ts';
import { showApp } from './support/show-app.tsx';
import { stepsOf } from './support/steps.ts';

const SOURCE: ExportSource = {
  adapterId: 7,
  name: 'KTO 1',
  runId: 3,
  method: 'kto',
  modelName: 'tiny',
  modelFolder: '/models/tiny',
  createdAt: 0,
  problem: null,
  jobProblem: null,
};
const BROUGHT: ExportSource = {
  ...SOURCE,
  adapterId: 5,
  name: 'Elsewhere',
  runId: null,
  method: null,
  jobProblem: 'Its rows are not known.',
};
const MADE: ListedExport = {
  id: 'a',
  sourceName: 'KTO 1',
  form: 'gguf',
  dtype: 'Q8_0',
  folder: '/out/kto-1-gguf',
  files: [{ name: 'kto-1-gguf-Q8_0.gguf', bytes: 5_000_000 }],
  check: { isSame: true, text: 'Verified: loaded again by llama.cpp.' },
  notes: ['Its window is 512 tokens.'],
  nextSteps: [{ about: 'Talk to it in Ollama', command: 'ollama create kto-1-gguf -f Modelfile' }],
  madeAt: 0,
  isThere: true,
};
const PLAN = { neededBytes: 4_000_000, cacheBytes: 0, freeBytes: 9e9, problem: null };

function exportClient(sources: readonly ExportSource[], answers: Answers = {}): FakeClient {
  return setupClient(
    'export',
    {},
    {
      'tasks.list': () => [],
      'exports.listSources': () => [...sources],
      'exports.list': () => [],
      'exports.plan': ({ parent, name }) => ({ ...PLAN, folder: parent === null ? null : `${parent}/${name}` }),
      ...answers,
    },
  );
}

const exportButton = () => screen.findByRole<HTMLButtonElement>('button', { name: 'Export' });

describe('without an adapter', () => {
  test('the step says what comes first', async () => {
    const steps = stepsOf({ export: { state: 'blocked', note: 'After the first run.', first: 'train' } });
    showApp(exportClient([], { 'steps.list': () => steps }));
    expect(await screen.findByRole('heading', { name: 'Nothing to export yet' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Go to Train' })).toBeTruthy();
    expect(await findViolations()).toEqual([]);
  });
});

describe('the form', () => {
  test('begins with the newest adapter, and can not be sent without a place', async () => {
    const client = exportClient([SOURCE, BROUGHT], { 'exports.start': () => MADE });
    showApp(client);
    expect(await screen.findByText('Made for tiny.')).toBeTruthy();
    expect((await exportButton()).disabled).toBe(true);
    await userEvent.click(screen.getByRole('radio', { name: /^GGUF model/ }));
    await userEvent.click(screen.getByRole('radio', { name: 'Q8_0' }));
    await userEvent.type(screen.getByLabelText('Folder to put it in'), '/out');
    expect(await screen.findByText('/out/kto-1-gguf')).toBeTruthy();
    expect(screen.getByText(/^Needs 4\.0 MB; 9\.0 GB are free/)).toBeTruthy();
    await userEvent.click(await exportButton());
    const asked = { task: expect.any(String), projectId: 1, adapterId: 7, form: 'gguf', dtype: 'Q8_0', parent: '/out', name: 'kto-1-gguf' };
    await waitFor(() => expect(client.asked).toContainEqual(['exports.start', asked]));
    expect(await findViolations()).toEqual([]);
  });

  test('shows the adapter that History sent a person with', async () => {
    sessionStorage.setItem('export source of project 1', '5');
    showApp(exportClient([SOURCE, BROUGHT]));
    expect(await screen.findByDisplayValue(/^Elsewhere · brought in/)).toBeTruthy();
    expect(screen.getByRole('radio', { name: /TRL job/ }).hasAttribute('disabled')).toBe(true);
    expect(screen.getByText('Its rows are not known.')).toBeTruthy();
  });

  test('says why a place can not be used, and why an export failed', async () => {
    const client = exportClient([SOURCE], {
      'exports.list': () => [MADE],
      'exports.plan': ({ name }) => ({
        ...PLAN,
        folder: name === 'x' ? '/out/x' : null,
        problem: name === 'x' ? null : 'It is there already.',
      }),
      'exports.start': () => {
        throw new AppError('storage', 'Could not write /out/x: the disk is full.');
      },
    });
    showApp(client);
    // Where the last one was put.
    expect(await screen.findByDisplayValue('/out')).toBeTruthy();
    expect(await screen.findByText('It is there already.')).toBeTruthy();
    expect((await exportButton()).disabled).toBe(true);
    const name = screen.getByLabelText('Name of the new folder');
    await userEvent.clear(name);
    await userEvent.type(name, 'x');
    await waitFor(async () => expect((await exportButton()).disabled).toBe(false));
    await userEvent.click(await exportButton());
    expect(await screen.findByText(/the disk is full/)).toBeTruthy();
  });

  test('an adapter whose model is gone says so and offers nothing else', async () => {
    showApp(exportClient([{ ...SOURCE, modelFolder: null, problem: 'Its model tiny is not at /models/tiny any more.' }]));
    expect((await screen.findByRole('alert')).textContent).toContain('not at /models/tiny any more');
    expect(screen.queryByRole('button', { name: 'Export' })).toBeNull();
  });

  test('what main can not list is said', async () => {
    showApp(
      exportClient([], {
        'exports.listSources': () => {
          throw new AppError('store', 'The disk failed.');
        },
      }),
    );
    expect((await screen.findByRole('alert')).textContent).toContain('The disk failed.');
  });
});

describe('an export', () => {
  test('shows its check, its files, what to know and what to type, and is revealed or taken from the list', async () => {
    const client = exportClient([SOURCE], {
      'exports.list': () => [MADE],
      'exports.reveal': () => ({ path: MADE.folder, shown: false }),
      'exports.forget': () => undefined,
    });
    showApp(client);
    await userEvent.click(await screen.findByRole('button', { name: /^kto-1-gguf/ }));
    const made = screen.getByRole('region', { name: 'Exports of this project' });
    for (const text of [
      'Verified: loaded again by llama.cpp.',
      'kto-1-gguf-Q8_0.gguf',
      'Its window is 512 tokens.',
      MADE.nextSteps[0]?.command ?? '',
    ]) {
      expect(await within(made).findByText(text)).toBeTruthy();
    }
    expect(within(made).getByText('Verified')).toBeTruthy();
    await userEvent.click(within(made).getByRole('button', { name: 'Show folder' }));
    expect(await within(made).findByText('It lies in /out/kto-1-gguf.')).toBeTruthy();
    await userEvent.click(within(made).getByRole('button', { name: 'Take from this list' }));
    expect(client.asked).toContainEqual(['exports.forget', { projectId: 1, exportId: 'a' }]);
    expect(await findViolations()).toEqual([]);
  });

  test('that is not what was trained is an alarm, without a next step', async () => {
    const bad: ListedExport = { ...MADE, check: { isSame: false, text: 'Not verified: they differ by 2 nats a token.' }, isThere: false };
    showApp(exportClient([SOURCE], { 'exports.list': () => [bad] }));
    await userEvent.click(await screen.findByRole('button', { name: /^kto-1-gguf.*Not verified/ }));
    const alarm = await screen.findByRole('alert');
    expect(alarm.textContent).toContain('Do not use this export');
    expect(screen.queryByText('What to type next')).toBeNull();
    expect(screen.getByText('Not there any more')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Show folder' }).hasAttribute('disabled')).toBe(true);
  });
});

describe('bringing in', () => {
  test('an adapter from elsewhere is checked, chosen, and its notes are shown', async () => {
    let sources = [SOURCE];
    const client = exportClient([], {
      'exports.listSources': () => sources,
      'adapters.import': () => {
        sources = [BROUGHT, SOURCE];
        queueMicrotask(() => client.tell('adapters.changed', { projectId: 1 }));
        return { adapterId: 5, name: 'Elsewhere', notes: ['It was made for org/Other.'] };
      },
    });
    showApp(client);
    const part = await screen.findByRole('region', { name: 'Bring in from elsewhere' });
    await userEvent.type(within(part).getByLabelText('Its folder'), '/adapters/elsewhere{Enter}');
    expect(await within(part).findByText('Elsewhere was brought in.')).toBeTruthy();
    expect(within(part).getByText('It was made for org/Other.')).toBeTruthy();
    expect(await screen.findByDisplayValue(/^Elsewhere · brought in/)).toBeTruthy();
    expect(client.asked).toContainEqual([
      'adapters.import',
      { projectId: 1, folder: '/adapters/elsewhere', modelFolder: null, name: null },
    ]);
  });

  test('a folder that is no run says so', async () => {
    showApp(
      exportClient([], {
        'runs.import': () => {
          throw new AppError('settings', '/x holds no run.json, so it is not the folder of a run.');
        },
      }),
    );
    const part = await screen.findByRole('region', { name: 'Bring in from elsewhere' });
    await userEvent.click(within(part).getByRole('radio', { name: 'Finished run' }));
    await userEvent.type(within(part).getByLabelText('Its folder'), '/x');
    await userEvent.type(within(part).getByLabelText('Base model'), '/models/tiny');
    await userEvent.click(within(part).getByRole('button', { name: 'Bring in' }));
    expect((await within(part).findByRole('alert')).textContent).toContain('holds no run.json');
  });
});

describe('the whole project', () => {
  test('is packed into a file; one that is there is replaced only if a person says so', async () => {
    const client = exportClient([SOURCE], {
      'archives.write': ({ path, replace }) => {
        if (!replace) throw new AppError('output-busy', `${path} is there already.`);
        return { path, bytes: 12_000_000 };
      },
    });
    showApp(client);
    const part = await screen.findByRole('region', { name: 'The whole project' });
    await userEvent.click(within(part).getByRole('checkbox', { name: /adapters and checkpoints/ }));
    await userEvent.type(within(part).getByLabelText('File to write'), '/out/a.prospect{Enter}');
    expect((await within(part).findByRole('alert')).textContent).toContain('is there already');
    await userEvent.click(within(part).getByRole('button', { name: 'Replace it' }));
    expect(await within(part).findByText('The project lies in /out/a.prospect (12.0 MB).')).toBeTruthy();
    const asked = { task: expect.any(String), projectId: 1, path: '/out/a.prospect', hasWeights: false, replace: true };
    expect(client.asked).toContainEqual(['archives.write', asked]);
  });

  test('is brought in from a file the program was opened with, and shown', async () => {
    const project = { id: 2, name: 'Brought', notes: '', createdAt: 0, updatedAt: 0 };
    const client = exportClient([SOURCE], {
      'archives.takeOpened': () => ({ paths: ['/in/b.prospect'] }),
      'archives.read': () => ({ project, notes: ['The model tiny is not on this machine.'] }),
    });
    showApp(client);
    const dialog = await screen.findByRole('dialog', { name: 'Bring in a project' });
    expect(await within(dialog).findByDisplayValue('/in/b.prospect')).toBeTruthy();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Bring in' }));
    expect(await within(dialog).findByText('Brought was brought in.')).toBeTruthy();
    expect(within(dialog).getByText('The model tiny is not on this machine.')).toBeTruthy();
    expect(await findViolations()).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Show it' }));
    expect(sessionStorage.getItem('project')).toBe('2');
  });
});
