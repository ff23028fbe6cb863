/** @file The Settings step: method, presets, the settings themselves with what is to be said of them, and what the run will need. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { SettingsCheck } from '#contract/settings.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { findViolations } from './support/axe.ts';
import { PREVIEW, setupClient } from './support/setup-answers.ts';
import { showApp } from './support/show-app.tsx';
import { RUN } from './support/run-answers.ts';
import { stepsOf } from './support/steps.ts';

const READY = { modelFolder: '/models/tiny', data: { versionId: 3, splitId: 4 } };
const ALL = { 'app.getPreferences': () => ({ theme: 'auto', showAdvancedSettings: true, offline: false }) as const };

/** By the engine itself. */
const check = ({ settings }: { settings: object }): SettingsCheck => {
  const { warnings } = resolveSettings(settings);
  return {
    problem: null,
    warnings: warnings.map(({ field, text, fix }) => ({ field, text, fix: fix && { ...fix, changes: { ...fix.changes } } })),
    resolved: {},
  };
};

describe('the method', () => {
  test('is KTO, DPO, or both, which plans two runs', async () => {
    const client = setupClient('settings', READY);
    showApp(client);
    await screen.findByText('The next run');
    await userEvent.click(screen.getByRole('radio', { name: 'Both, to compare' }));
    await waitFor(() => expect(client.choices().methods).toEqual(['kto', 'dpo']));
    const card = await screen.findByRole('complementary', { name: 'The next two runs' });
    expect(await within(card).findByRole('region', { name: 'KTO' })).toBeTruthy();
    expect(within(card).getByRole('region', { name: 'DPO' })).toBeTruthy();
    expect(await screen.findByRole('button', { name: 'Start both runs' })).toBeTruthy();
  });
});

describe('presets', () => {
  test("one is recognised, another is chosen, and an edit makes them a person's own", async () => {
    const client = setupClient('settings', { ...READY, settings: {} });
    showApp(client);
    expect(await screen.findByRole('radio', { name: /^TRL defaults/, checked: true })).toBeTruthy();
    await userEvent.click(screen.getByRole('radio', { name: /^Blog/ }));
    await waitFor(() => expect(client.choices().settings).toMatchObject({ learning_rate: 5e-4, num_train_epochs: 8 }));
    const rate = screen.getByRole('textbox', { name: 'Learning rate' });
    expect((rate as HTMLInputElement).value).toBe('5e-4');
    await userEvent.clear(rate);
    await userEvent.type(rate, '2e-4');
    expect(await screen.findByText(/Your own/)).toBeTruthy();
    await waitFor(() => expect(client.choices().settings).toMatchObject({ learning_rate: 2e-4 }));
  });
});

describe('the form', () => {
  test('has five settings, or all of them in groups, each with its standard name, a label and a sentence', async () => {
    const client = setupClient('settings', READY);
    const shown = showApp(client);
    await screen.findByRole('textbox', { name: 'Beta' });
    expect(screen.getAllByRole('textbox').map(({ id }) => id)).toEqual([
      'setting-beta',
      'setting-learning_rate',
      'setting-num_train_epochs',
      'setting-per_device_train_batch_size',
      'setting-max_length',
    ]);
    expect(screen.getByText('learning_rate')).toBeTruthy();
    expect(screen.getByText(/The size of each step at its peak.*A number above 0\./)).toBeTruthy();
    expect(await findViolations()).toEqual([]);
    shown.unmount();
    showApp(setupClient('settings', READY, ALL));
    expect(await screen.findByRole('region', { name: 'Optimizer' })).toBeTruthy();
    expect(screen.getByRole('textbox', { name: 'Target modules' })).toBeTruthy();
    // Of DPO alone.
    expect(screen.queryByRole('textbox', { name: 'Label smoothing' })).toBeNull();
    expect(await findViolations()).toEqual([]);
  });

  test('the choice between five and all is kept for all projects', async () => {
    const client = setupClient('settings', READY, {
      'app.setPreferences': () => ({ theme: 'auto', showAdvancedSettings: true, offline: false }),
    });
    showApp(client);
    await userEvent.click(await screen.findByRole('switch', { name: 'All settings' }));
    expect(client.asked).toContainEqual(['app.setPreferences', { showAdvancedSettings: true }]);
  });

  test.each([
    ['Learning rate', '1e-4', { learning_rate: 1e-4 }],
    ['Learning rate', '0,001', { learning_rate: 1e-3 }],
    ['Learning rate', 'much', { learning_rate: 'much' }],
    ['Maximum length', 'none', { max_length: null }],
    ['Evaluate every', '0.25', { eval_steps: 0.25 }],
    ['Target modules', 'q_proj, k_proj', { target_modules: ['q_proj', 'k_proj'] }],
    ['Target modules', 'all-linear', { target_modules: 'all-linear' }],
    ['Learning rate', '0.000001', {}],
  ])('%s “%s” is kept as %j', async (label, text, settings) => {
    const client = setupClient('settings', { ...READY, settings: { beta: 0.2 } }, ALL);
    showApp(client);
    const input = await screen.findByRole('textbox', { name: label });
    await userEvent.clear(input);
    await userEvent.type(input, text);
    await waitFor(() => expect(client.choices().settings).toEqual({ beta: 0.2, ...settings }));
  });

  test('choices and flags are kept, and what is set again to its default is not', async () => {
    const client = setupClient('settings', READY, ALL);
    showApp(client);
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Learning rate schedule' }), 'cosine');
    await userEvent.click(screen.getByRole('switch', { name: 'Shuffle' }));
    await waitFor(() => expect(client.choices().settings).toEqual({ lr_scheduler_type: 'cosine', shuffle: false }));
    await userEvent.click(screen.getByRole('button', { name: 'Set Learning rate schedule to its default' }));
    await userEvent.click(screen.getByRole('switch', { name: 'Shuffle' }));
    await waitFor(() => expect(client.choices().settings).toEqual({}));
  });

  test('what is typed is planned once, when the keys rest, and is kept even if the step is left', async () => {
    const client = setupClient('settings', READY);
    showApp(client);
    const input = await screen.findByRole('textbox', { name: 'Epochs' });
    await userEvent.clear(input);
    await userEvent.type(input, '12');
    await userEvent.click(screen.getByRole('button', { name: /^Model,/ }));
    await waitFor(() => expect(client.choices().settings).toEqual({ num_train_epochs: 12 }));
    expect(client.asked.filter(([name]) => name === 'choices.set')).toHaveLength(1);
  });
});

describe('warnings', () => {
  test('stand beside their setting, and a button ends them', async () => {
    const client = setupClient(
      'settings',
      { ...READY, settings: { learning_rate: 6e-4, per_device_train_batch_size: 2, gradient_accumulation_steps: 8 } },
      { 'settings.check': check },
    );
    showApp(client);
    expect(await screen.findByText(/KTO may become unstable/)).toBeTruthy();
    expect(screen.getByText(/makes a poor KL estimate/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Use 0.0005' }));
    await waitFor(() => expect(screen.queryByText(/KTO may become unstable/)).toBeNull());
    await waitFor(() => expect(client.choices().settings).toMatchObject({ learning_rate: 5e-4 }));
  });

  test('those of settings that are not in sight are told above', async () => {
    showApp(
      setupClient(
        'settings',
        { ...READY, settings: { learning_rate: 1e-4, per_device_train_batch_size: 16, lora_dropout: 0.1 } },
        { 'settings.check': check },
      ),
    );
    const elsewhere = await screen.findByText('Elsewhere');
    expect(elsewhere).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Use 0' }));
    await waitFor(() => expect(screen.queryByText('Elsewhere')).toBeNull());
  });

  test('a problem is an error at its field, its fix mends it, and nothing can be started before', async () => {
    const problem = { field: 'beta', text: 'beta must be a number above 0; it is -1.', fix: { label: 'Use 0.1', changes: { beta: 0.1 } } };
    const client = setupClient(
      'settings',
      { ...READY, settings: { beta: -1 } },
      {
        'settings.check': ({ settings }) => ({ problem: 'beta' in settings ? problem : null, warnings: [], resolved: null }),
      },
    );
    showApp(client);
    expect((await screen.findByRole('alert')).textContent).toContain('beta must be a number above 0');
    expect(screen.getByRole('textbox', { name: 'Beta' }).getAttribute('aria-invalid')).toBe('true');
    expect((await screen.findByRole('button', { name: 'Correct the settings' })).hasAttribute('disabled')).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Use 0.1' }));
    await waitFor(() => expect(client.choices().settings).toEqual({}));
    expect(await screen.findByRole('button', { name: 'Start training' })).toBeTruthy();
  });
});

describe('the card', () => {
  test('tells what the run will need', async () => {
    showApp(setupClient('settings', READY));
    const card = await screen.findByRole('complementary', { name: 'The next run' });
    for (const text of [
      '1,000 (8 epochs)',
      '2,000',
      '464 tokens',
      '5e-4',
      '286 MiB of 7.5 GiB free',
      '4.0 MB of 50.0 GB free',
      'about 2 min 6 s',
    ]) {
      expect(await within(card).findByText(text)).toBeTruthy();
    }
  });

  test('warns where memory is short, and says why there is no time beside a run', async () => {
    showApp(setupClient('settings', READY, { 'settings.preview': () => ({ ...PREVIEW, fits: false, seconds: null }) }));
    expect(await screen.findByText(/More than is free/)).toBeTruthy();
    expect(screen.getByText(/another run is under way/)).toBeTruthy();
  });

  test('shows why a run can not be, but not that a newer question ended an older one', async () => {
    let error = new AppError('cancelled', 'Cancelled.');
    showApp(
      setupClient('settings', READY, {
        'settings.preview': () => {
          throw error;
        },
      }),
    );
    await screen.findByRole('button', { name: 'Start training' });
    expect(screen.queryByText('Cancelled.')).toBeNull();
    error = new AppError('import', 'No row is left to train on.');
    await userEvent.click(screen.getByRole('radio', { name: /^Careful/ }));
    expect(await screen.findByText('No row is left to train on.')).toBeTruthy();
  });

  test('names what is missing and leads there', async () => {
    const steps = stepsOf({ train: { state: 'blocked', note: 'Choose a model first.', first: 'model' } });
    showApp(setupClient('settings', {}, { 'steps.list': () => steps, 'settings.preview': () => null }));
    expect(await screen.findByText(/Data and a model are needed/)).toBeTruthy();
    await userEvent.click(await screen.findByRole('button', { name: 'Choose a model' }));
    expect(screen.getByRole('region', { name: 'Model' })).toBeTruthy();
  });

  test('starts a run, or two, with what is kept, and shows it', async () => {
    const client = setupClient('settings', { ...READY, methods: ['kto', 'dpo'], settings: { beta: 0.2 } }, { 'runs.create': () => [RUN] });
    showApp(client);
    await userEvent.click(await screen.findByRole('button', { name: 'Start both runs' }));
    expect(client.asked).toContainEqual([
      'runs.create',
      {
        projectId: 1,
        methods: ['kto', 'dpo'],
        settings: { beta: 0.2 },
        modelFolder: '/models/tiny',
        adapterId: null,
        probePrompts: null,
        data: { versionId: 3, splitId: 4 },
      },
    ]);
    expect(await screen.findByRole('region', { name: 'Train' })).toBeTruthy();
  });

  test('says why a run was refused', async () => {
    showApp(
      setupClient('settings', READY, {
        'runs.create': () => {
          throw new AppError('out-of-memory', 'This run needs at least 90 GiB.');
        },
      }),
    );
    await userEvent.click(await screen.findByRole('button', { name: 'Start training' }));
    expect(await screen.findByText('This run needs at least 90 GiB.')).toBeTruthy();
  });
});

describe('the adapter to begin with', () => {
  const adapter = { id: 7, name: 'KTO 1', runId: 3, modelFolder: '/models/tiny', modelName: 'tiny', createdAt: 0, isThere: true };
  const other = { ...adapter, id: 8, name: 'brought in', modelFolder: '/models/other', modelName: 'other' };

  test('is a fresh one, or one of the project, and goes with the run', async () => {
    const client = setupClient('settings', READY, { 'adapters.list': () => [adapter, other], 'runs.create': () => [] });
    showApp(client);
    const select = await screen.findByRole('combobox', { name: 'Adapter to begin with' });
    expect(
      within(select)
        .getAllByRole('option')
        .map(({ textContent }) => textContent),
    ).toEqual(['A fresh adapter', 'KTO 1', 'brought in (made for other)']);
    expect(await findViolations()).toEqual([]);
    await userEvent.selectOptions(select, 'KTO 1');
    await waitFor(() => expect(client.choices().adapterId).toBe(7));
    await userEvent.click(await screen.findByRole('button', { name: 'Start training' }));
    expect(client.asked.findLast(([name]) => name === 'runs.create')?.[1]).toMatchObject({ adapterId: 7 });
  });

  test('that was deleted is said, and nothing is shown where there is nothing to choose', async () => {
    const client = setupClient('settings', { ...READY, adapterId: 9 });
    showApp(client);
    const select = await screen.findByRole('combobox', { name: 'Adapter to begin with' });
    expect(within(select).getByRole<HTMLOptionElement>('option', { name: 'An adapter that was deleted' }).selected).toBe(true);
    await userEvent.selectOptions(select, 'A fresh adapter');
    await waitFor(() => expect(screen.queryByRole('combobox', { name: 'Adapter to begin with' })).toBeNull());
  });
});
