/** @file Whatever goes wrong is one line on stderr and an exit code that says what kind of thing it was. */
import { expect, test } from 'vitest';
import type { AppError } from '#contract/errors.ts';
import { CancelledError, FormatError, ImportError, InternalError, OutputBusyError, SettingsError, StorageError } from '#contract/errors.ts';
import { runCli } from '#cli/run-cli.ts';
import type { FakeHost } from '#test/support/fake-cli-host.ts';
import { cli, fakeHost, TRAIN_ARGS } from '#test/support/fake-cli-host.ts';

const failing = (error: unknown) => ({
  // oxlint-disable-next-line require-yield -- a job that fails before its first event
  async *train() {
    throw error;
  },
});

test.each([
  [['trian'], 'There is no command "trian"; the nearest is train. See prospect --help.'],
  [['help', 'scores'], 'There is no command "scores"; the nearest is score.'],
  [['--model', 'base', 'train'], 'not with the option --model.'],
  [['train', '--learning-rat', '1'], 'There is no option --learning-rat; the nearest is --learning-rate. See prospect train --help.'],
  [['train', '--beta', 'x'], 'are missing.'],
  [[...TRAIN_ARGS, '--beta', 'x'], '--beta must be a number above 0; it is x.'],
  [[...TRAIN_ARGS, '--method', 'ppo'], '--method must be one of kto, dpo; it is ppo.'],
  [[...TRAIN_ARGS, '--lora-r'], '--lora-r needs a value: --lora-r N.'],
  [['score', '--model', 'base'], '--data FILE is missing.'],
  [
    ['score', '--model', 'base', '--data', 'd', '--max-length', '1.5'],
    '--max-length must be a whole number at least 2, or null; it is 1.5.',
  ],
  [['score', '--model', 'base', '--data', 'd', '--json'], 'There is no option --json'],
  [['inspect'], 'Say what to look at: --model DIR, --data FILE or --adapter DIR.'],
])('%j exits with 2', async (args, message) => {
  const { exitCode, stdout, stderr } = await cli(args);
  expect(stderr).toMatch(/^prospect: [^\n]*\n$/);
  expect(stderr).toContain(message);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});

test.each([
  ['import', new ImportError('Row 3 of rows.jsonl has no `label`.', { file: 'rows.jsonl', row: 3 }), 1],
  ['format', new FormatError('The folder is empty.', { file: 'base' }), 1],
  ['output-busy', new OutputBusyError('run already holds a run.', { folder: 'run' }), 1],
  ['storage', new StorageError('Could not read base:\nit does not exist.', { file: 'base' }), 1],
  ['cancelled without being asked', new CancelledError(), 1],
  ['settings', new SettingsError('`target_modules` matches nothing.', { field: 'target_modules' }), 2],
] as const)('a job that fails with %s says so in one line', async (_code, error: AppError, expected) => {
  const { exitCode, stdout, stderr } = await cli(TRAIN_ARGS, failing(error));
  expect(stderr).toBe(`prospect: ${error.message.replace('\n', ' ')}\n`);
  expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
});

test.each([
  ['an unforeseen error', new TypeError("Cannot read properties of undefined\n(reading 'x')")],
  ['a broken invariant', new InternalError("Cannot read properties of undefined (reading 'x')")],
])('%s is called a bug', async (_what, error) => {
  const { exitCode, stderr } = await cli(TRAIN_ARGS, failing(error));
  expect(stderr).toMatch(
    /^prospect: This is a bug in Prospect: Cannot read properties of undefined \(reading 'x'\) \([^\n]*--verbose[^\n]*\)\n$/,
  );
  expect(exitCode).toBe(1);
});

test('something thrown that is no error is called a bug too', async () => {
  const { exitCode, stderr } = await cli(TRAIN_ARGS, failing('out of luck'));
  expect(stderr).toContain('This is a bug in Prospect: out of luck');
  expect(exitCode).toBe(1);
});

test('--verbose shows where an error came from, and its cause', async () => {
  const error = new StorageError('Could not read base.', { file: 'base' }, { cause: new Error('ENOENT, open') });
  const { exitCode, stderr } = await cli([...TRAIN_ARGS, '--verbose'], failing(error));
  expect(stderr).toMatch(/^prospect: Could not read base\.\nStorageError: Could not read base\.\n +at /);
  expect(stderr).toMatch(/\nCaused by: Error: ENOENT, open\n +at /);
  expect(exitCode).toBe(1);
});

test('a command that was cancelled because its output could not be written says that', async () => {
  const host: FakeHost = fakeHost({
    // oxlint-disable-next-line require-yield -- cancelled before its first row
    async *score() {
      host.stop(new StorageError('Could not write the output: no space left.', { file: 'stdout' }));
      throw new CancelledError('Scoring was stopped.');
    },
  });
  expect(await runCli(['score', '--model', 'base', '--data', 'd'], host)).toBe(1);
  expect(host.stderr.text).toBe('prospect: Could not write the output: no space left.\n');
});
