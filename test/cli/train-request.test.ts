/** @file What `prospect train` asks of the job: paths, and settings from options and a settings file. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TrainingRequest } from '#jobs/training-request.ts';
import { cli, TRAIN_ARGS } from '#test/support/fake-cli-host.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const PATHS = ['train', '--model', 'base', '--data', 'rows.jsonl', '--out', 'run'];

async function requestOf(args: readonly string[], env: Record<string, string> = {}): Promise<TrainingRequest> {
  const { host, stderr } = await cli(args, { env, events: [{ kind: 'finished', step: 1, outDir: 'run', trainLoss: 0 }] });
  expect(stderr).toBe('');
  return host.requests[0] as TrainingRequest;
}

async function settingsFile(content: unknown): Promise<string> {
  const file = join(await temporaryFolder(), 'run.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

test('without further options everything is left to the job', async () => {
  expect(await requestOf(TRAIN_ARGS)).toEqual({
    modelDir: 'base',
    dataFile: 'rows.jsonl',
    engine: null,
    dtype: null,
    evalDataFile: null,
    outDir: 'run',
    settings: { method: 'kto' },
    adapterInitDir: null,
    resume: false,
    memoryBudgetBytes: null,
    probePromptsFile: null,
    cacheDir: '/home/person/.cache/prospect',
    badRows: 'stop',
  });
});

test('every option that is no setting has its place', async () => {
  const args = ['--eval-data', 'eval.jsonl', '--adapter-init', 'first', '--resume', '--skip-bad-rows', '--cache-dir', 'cache'];
  expect(await requestOf([...TRAIN_ARGS, ...args])).toMatchObject({
    evalDataFile: 'eval.jsonl',
    adapterInitDir: 'first',
    resume: true,
    badRows: 'skip',
    cacheDir: 'cache',
  });
});

test('PROSPECT_DATA_DIR is the cache folder unless an option names another', async () => {
  expect(await requestOf(TRAIN_ARGS, { PROSPECT_DATA_DIR: '/data' })).toMatchObject({ cacheDir: '/data' });
  expect(await requestOf([...TRAIN_ARGS, '--cache-dir', '/other'], { PROSPECT_DATA_DIR: '/data' })).toMatchObject({ cacheDir: '/other' });
});

test('options win over the settings file, which wins over nothing', async () => {
  const config = await settingsFile({ method: 'dpo', loss_type: 'ipo', beta: 0.3, learning_rate: 1e-4 });
  const { settings } = await requestOf([...PATHS, '--config', config, '--beta', '0.5']);
  expect(settings).toEqual({ method: 'dpo', loss_type: 'ipo', beta: 0.5, learning_rate: 1e-4 });
});

test('the run.json of an earlier run holds its settings one level down', async () => {
  const config = await settingsFile({
    status: 'finished',
    settings: { method: 'kto', beta: 0.3, target_modules: ['q_proj'] },
    versions: {},
  });
  expect((await requestOf([...PATHS, '--config', config])).settings).toEqual({ method: 'kto', beta: 0.3, target_modules: ['q_proj'] });
});

test('an option wins over the other name that a settings file may use', async () => {
  const config = await settingsFile({ r: 16, lora_target_modules: ['q_proj'], warmup_ratio: 0.1 });
  const { settings } = await requestOf([...TRAIN_ARGS, '--config', config, '--lora-r', '4']);
  expect(settings).toEqual({ lora_r: 4, target_modules: ['q_proj'], warmup_steps: 0.1, method: 'kto' });
});

test('--eval-ratio and --no-shuffle are settings', async () => {
  expect((await requestOf([...TRAIN_ARGS, '--eval-ratio', '0.1', '--no-shuffle'])).settings).toMatchObject({
    eval_ratio: 0.1,
    shuffle: false,
  });
});

test('a resumed run has its method from its own record', async () => {
  expect(await requestOf([...PATHS, '--resume'])).toMatchObject({ resume: true, settings: {} });
});

test.each([
  ['no method', PATHS, '--method is missing: kto for answers marked good or bad, dpo for pairs of a better and a worse one.'],
  ['no folder', ['train', '--data', 'rows.jsonl', '--method', 'kto', '--out', 'run'], '--model DIR is missing.'],
  ['nothing', ['train'], '--model DIR, --data FILE and --out DIR are missing.'],
  ['an empty path', [...TRAIN_ARGS, '--out='], '--out DIR is missing.'],
  [
    'two evaluation sets',
    [...TRAIN_ARGS, '--eval-data', 'e.jsonl', '--eval-ratio', '0.1'],
    '--eval-data and --eval-ratio exclude each other',
  ],
  ['another loss', [...TRAIN_ARGS, '--loss-type', 'sigmoid'], 'loss_type sigmoid belongs to method dpo'],
  ['a batch of one', [...TRAIN_ARGS, '--per-device-train-batch-size', '1'], 'per_device_train_batch_size is 1'],
])('%s is refused before anything is opened', async (_what, args, message) => {
  const { exitCode, stdout, stderr, host } = await cli(args);
  expect(stderr).toMatch(/^prospect: [^\n]*\n$/);
  expect(stderr).toContain(message);
  expect({ exitCode, stdout, requests: host.requests }).toEqual({ exitCode: 2, stdout: '', requests: [] });
});

test.each([
  ['an unknown setting', { learning_rat: 1 }, 'run.json: There is no setting named learning_rat; the nearest is learning_rate.'],
  ['an impossible value', { beta: -1 }, 'run.json: beta must be a number above 0; it is -1.'],
  ['two names of one setting', { r: 8, lora_r: 8 }, 'run.json: r and lora_r are two names of one setting. Keep one.'],
  ['a ratio that would be steps', { warmup_ratio: 1 }, 'run.json: warmup_ratio must be a number at least 0 and below 1'],
  ['a list', [1], 'must hold an object of settings and their values'],
  ['a record without settings', { settings: 3 }, 'must hold an object of settings and their values'],
  ['no JSON', '{"beta": 0.1,}', 'run.json is not JSON (Expected double-quoted property name'],
])('a settings file with %s is refused', async (_what, content, message) => {
  const { exitCode, stderr } = await cli([...TRAIN_ARGS, '--config', await settingsFile(content)]);
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^prospect: [^\n]*\n$/);
  expect(exitCode).toBe(2);
});

test('an impossible value of the file is forgiven when an option replaces it', async () => {
  const config = await settingsFile({ beta: -1 });
  expect((await requestOf([...TRAIN_ARGS, '--config', config, '--beta', '0.2'])).settings).toMatchObject({ beta: 0.2 });
});

test('a settings file that is not there is a failure, not bad usage', async () => {
  const { exitCode, stderr } = await cli([...TRAIN_ARGS, '--config', join(await temporaryFolder(), 'none.json')]);
  expect(stderr).toMatch(/^prospect: Could not read .*none\.json: it does not exist\. Check the path\.\n$/);
  expect(exitCode).toBe(1);
});
