/** @file The Model step: choosing a model, what it is, how long the rows are in its tokens, and the Hub. */
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { HubDownload } from '#contract/hub.ts';
import { findViolations } from './support/axe.ts';
import { LENGTHS, REPORT, setupClient } from './support/setup-answers.ts';
import { showApp } from './support/show-app.tsx';

const CHOSEN = { modelFolder: '/models/tiny' };
const KNOWN = {
  folder: '/models/other',
  name: 'other',
  architecture: 'Qwen3ForCausalLM',
  parameters: 1.1e9,
  licence: 'mit',
  isThere: true,
  isSample: false,
};

describe('without a model', () => {
  test('the step says what to do, and a path is used', async () => {
    const client = setupClient('model', {}, { 'models.choose': ({ folder }) => ({ ...REPORT, dir: folder }) });
    showApp(client);
    expect(await screen.findByRole('heading', { name: 'Choose a model to align' })).toBeTruthy();
    expect(await screen.findByText(/None yet\. A model that you choose/)).toBeTruthy();
    await userEvent.type(screen.getByLabelText('Path of its folder on this machine'), ' /models/tiny {Enter}');
    await waitFor(() => expect(client.asked).toContainEqual(['models.choose', { projectId: 1, folder: '/models/tiny' }]));
    expect(await findViolations()).toEqual([]);
  });

  test('a folder that is no model, and a model that can not be trained, say why', async () => {
    let answer: () => typeof REPORT = () => {
      throw new AppError('format', '/models/x has no config.json, so it is not a model folder.');
    };
    showApp(setupClient('model', {}, { 'models.choose': () => answer() }));
    const path = await screen.findByLabelText('Path of its folder on this machine');
    await userEvent.type(path, '/models/x{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('no config.json');
    answer = () => ({ ...REPORT, problem: 'MambaForCausalLM is not supported.', dir: '/models/<b>x</b>' });
    await userEvent.type(path, '{Enter}');
    expect(await screen.findByText('This model can not be trained')).toBeTruthy();
    // A name is text, whatever it holds.
    expect(screen.getByText('/models/<b>x</b>')).toBeTruthy();
  });

  test('a known model is used again or forgotten; one whose folder is gone is not offered', async () => {
    const gone = { ...KNOWN, folder: '/models/gone', name: 'gone', isThere: false };
    const client = setupClient(
      'model',
      {},
      { 'models.list': () => [KNOWN, gone], 'models.choose': () => REPORT, 'models.forget': () => undefined },
    );
    showApp(client);
    expect(await screen.findByText('Qwen3ForCausalLM · 1.1 billion · mit')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Use gone' }).hasAttribute('disabled')).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Use other' }));
    await userEvent.click(screen.getByRole('button', { name: 'Forget gone' }));
    expect(client.asked).toContainEqual(['models.choose', { projectId: 1, folder: '/models/other' }]);
    expect(client.asked).toContainEqual(['models.forget', { folder: '/models/gone' }]);
  });
});

describe('with a model', () => {
  test('it says what the model is', async () => {
    showApp(setupClient('model', CHOSEN));
    const about = await screen.findByRole('region', { name: 'About tiny' });
    for (const text of ['LlamaForCausalLM', '5.2 million', 'F16', '512 tokens', 'present', 'apache-2.0', '2 layers of width 64']) {
      expect(await within(about).findByText(text)).toBeTruthy();
    }
    await screen.findByRole('slider');
    expect(await findViolations()).toEqual([]);
  });

  test('what is wrong with it is said: weights, tokenizer, or that it is gone', async () => {
    const report = {
      ...REPORT,
      problem: 'A tensor is missing.',
      tokenizer: { problem: 'No tokenizer.json.', vocabulary: null, hasChatTemplate: false },
      copyBytes: 4e9,
    };
    showApp(setupClient('model', CHOSEN, { 'models.inspect': () => report }));
    expect(await screen.findByText('A tensor is missing.')).toBeTruthy();
    expect(screen.getByText('No tokenizer.json.')).toBeTruthy();
    expect(screen.getByText(/makes a copy of 4\.0 GB/)).toBeTruthy();
  });

  test('the line at max_length is a slider that keys move, and its effect is told and kept', async () => {
    const client = setupClient('model', { ...CHOSEN, settings: { beta: 0.2 } });
    showApp(client);
    const slider = await screen.findByRole('slider', { name: 'Maximum length' });
    expect(slider.getAttribute('aria-valuenow')).toBe('1024');
    expect(await screen.findByText('max_length 1,024: all 10 rows stay whole.')).toBeTruthy();
    slider.focus();
    await userEvent.keyboard('{Home}');
    expect(await screen.findByText(/max_length 2: .*9 rows \(90 %\) are left out/)).toBeTruthy();
    await waitFor(() => expect(client.choices().settings).toEqual({ beta: 0.2, max_length: 2 }));
    await userEvent.keyboard('{PageUp}{PageUp}{ArrowLeft}');
    expect(await screen.findByText('max_length 65: 3 rows (30 %) lose the end of their answer.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Keep every row whole (95)' }));
    expect(await screen.findByText('max_length 95: all 10 rows stay whole.')).toBeTruthy();
  });

  test('the line is dragged: told while it moves, kept when it is let go', async () => {
    const client = setupClient('model', { ...CHOSEN, settings: { max_length: 90 } });
    showApp(client);
    const slider = await screen.findByRole('slider', { name: 'Maximum length' });
    // jsdom knows neither layout nor capture.
    const chart = slider.closest('svg');
    if (!chart) throw new Error('There is no chart.');
    chart.getBoundingClientRect = () => ({ left: 0, width: 720 }) as DOMRect;
    Object.assign(slider, { setPointerCapture: () => undefined });
    fireEvent.pointerDown(slider, { clientX: 600, pointerId: 1 });
    fireEvent.pointerMove(slider, { clientX: 360, pointerId: 1 });
    // Half of the picture, which ends a little behind the longest row.
    expect(slider.getAttribute('aria-valuenow')).toBe('51');
    expect(client.choices().settings).toEqual({ max_length: 90 });
    fireEvent.pointerUp(slider, { clientX: 360, pointerId: 1 });
    await waitFor(() => expect(client.choices().settings).toEqual({ max_length: 51 }));
  });

  test('counting shows its progress and is cancelled, and can be begun again', async () => {
    let end: (error: AppError) => void = () => undefined;
    let counts = 0;
    const client = setupClient('model', CHOSEN, {
      'models.measureLengths': () => (++counts > 1 ? LENGTHS : new Promise((_resolve, reject) => (end = reject))),
      'models.stopMeasuring': () => {
        end(new AppError('cancelled', 'Cancelled.'));
        return undefined;
      },
    });
    showApp(client);
    await screen.findByText('Counting tokens…');
    act(() => client.tell('models.measuring', { projectId: 1, rowsDone: 500, rowsTotal: 2000 }));
    expect(screen.getByText('Counting tokens: 500 of 2,000 rows')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Count again' }));
    expect(await screen.findByRole('slider')).toBeTruthy();
  });

  test('without data it leads there; rows that can not be tokenised are told', async () => {
    const client = setupClient('model', CHOSEN, { 'models.measureLengths': () => null });
    const shown = showApp(client);
    await userEvent.click(await screen.findByRole('button', { name: 'Go to Data' }));
    expect(screen.getByRole('region', { name: 'Data' })).toBeTruthy();
    shown.unmount();
    showApp(
      setupClient('model', CHOSEN, {
        'models.measureLengths': () => ({ ...LENGTHS, uncounted: 2, firstProblem: 'Row 3 has no chat template.' }),
      }),
    );
    expect(await screen.findByText('Row 3 has no chat template.')).toBeTruthy();
  });
});

describe('the Hub', () => {
  const MODEL = {
    id: 'me/tiny',
    commit: '0123456789abcdef0123456789abcdef01234567',
    files: [
      { path: 'config.json', bytes: 700 },
      { path: 'model.safetensors', bytes: 2_200_000_000 },
    ],
    bytes: 2_200_000_700,
    otherFiles: 3,
    licence: 'apache-2.0',
    problem: null,
    folder: '/data/models/me--tiny',
    freeBytes: 9e9,
  };
  const RUNNING: HubDownload = {
    id: 'me/tiny',
    commit: MODEL.commit,
    state: 'running',
    bytesDone: 1.1e9,
    bytesTotal: 2.2e9,
    bytesPerSecond: 1.1e7,
    file: 'model.safetensors',
    message: null,
    folder: null,
  };

  test('a model is looked up, shown with its files, and fetched by a press', async () => {
    const client = setupClient('model', {}, { 'hub.look': () => MODEL, 'hub.download': () => RUNNING });
    showApp(client);
    await userEvent.type(await screen.findByLabelText('Name of the model'), 'me/tiny{Enter}');
    expect(await screen.findByText('2 files, 2.2 GB')).toBeTruthy();
    expect(screen.getByText(/apache-2\.0.*3 files in other formats.*\/data\/models\/me--tiny/)).toBeTruthy();
    expect(client.asked.filter(([name]) => name === 'hub.download')).toEqual([]);
    expect(await findViolations()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Download 2.2 GB' }));
    expect(client.asked).toContainEqual(['hub.download', { id: 'me/tiny', commit: MODEL.commit }]);
  });

  test('what can not be fetched says why, and has no way to fetch it', async () => {
    showApp(setupClient('model', {}, { 'hub.look': () => ({ ...MODEL, problem: 'me/tiny has only GGUF files.', freeBytes: 100 }) }));
    await userEvent.type(await screen.findByLabelText('Name of the model'), 'me/tiny{Enter}');
    expect(await screen.findByText('me/tiny has only GGUF files.')).toBeTruthy();
    expect(screen.getByText(/Only 100 bytes are free/)).toBeTruthy();
    expect(screen.getByRole('button', { name: /Download/ }).hasAttribute('disabled')).toBe(true);
  });

  test('a download shows how far it is, is stopped, goes on, and becomes a model', async () => {
    let downloads: HubDownload[] = [RUNNING];
    const client = setupClient(
      'model',
      {},
      {
        'hub.listDownloads': () => downloads,
        'hub.stop': () => undefined,
        'hub.discard': () => undefined,
        'hub.download': () => RUNNING,
        'models.choose': () => REPORT,
      },
    );
    showApp(client);
    expect(await screen.findByText('Downloading · 1.1 GB of 2.2 GB · 11.0 MB/s · 1 min 40 s left · model.safetensors')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
    downloads = [{ ...RUNNING, state: 'failed', message: 'The Hub could not be reached.' }];
    act(() => client.tell('hub.changed', { downloads }));
    expect(await screen.findByText('The Hub could not be reached.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Go on' }));
    expect(client.asked).toContainEqual(['hub.download', { id: 'me/tiny', commit: MODEL.commit }]);
    downloads = [{ ...RUNNING, state: 'done', folder: '/data/models/me--tiny' }];
    act(() => client.tell('hub.changed', { downloads }));
    await userEvent.click(await screen.findByRole('button', { name: 'Use it' }));
    expect(client.asked).toContainEqual(['models.choose', { projectId: 1, folder: '/data/models/me--tiny' }]);
  });

  test('in offline mode there is nothing to look up with', async () => {
    const client = setupClient(
      'model',
      {},
      {
        'hub.getAccess': () => ({ url: 'https://huggingface.co', offlineBecause: 'Offline mode is on.' }),
        'app.setPreferences': () => ({ theme: 'auto', showAdvancedSettings: false, offline: true }),
      },
    );
    showApp(client);
    expect(await screen.findByText('Offline mode is on.')).toBeTruthy();
    expect(screen.queryByLabelText('Name of the model')).toBeNull();
    await userEvent.click(screen.getByRole('switch', { name: /Offline mode/ }));
    expect(client.asked).toContainEqual(['app.setPreferences', { offline: true }]);
  });
});
