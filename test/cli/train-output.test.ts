/** @file What a person, a log file and a script see of a run. */
import { expect, test } from 'vitest';
import type { JobEvent } from '#jobs/training-request.ts';
import { cli, fakeHost, TRAIN_ARGS } from '#test/support/fake-cli-host.ts';
import { runCli } from '#cli/run-cli.ts';

const ENTRY = {
  loss: 0.543217,
  grad_norm: 1.23456,
  learning_rate: 5e-5,
  kl: 0,
  'rewards/chosen': 0.0123456,
  num_tokens: 99,
  epoch: 0.5,
  step: 1,
};

const EVENTS: readonly JobEvent[] = [
  { kind: 'progress', phase: 'Preparing data', done: 24, total: 24, unit: 'rows' },
  { kind: 'warning', text: 'The learning rate is high.' },
  { kind: 'note', text: 'There is no checkpoint yet.' },
  {
    kind: 'plan',
    method: 'kto',
    trainRows: 1234,
    evalRows: 10,
    droppedRows: 1,
    truncatedRows: 2,
    steps: 20,
    stepsDone: 5,
    trainableParameters: 1_126_400,
    longestRowTokens: 212,
    engine: 'onnx:cpu',
    device: null,
  },
  { kind: 'progress', phase: 'Training', done: 0.5, total: 20, unit: 'steps' },
  { kind: 'log', entry: ENTRY },
  { kind: 'log', entry: { ...ENTRY, step: 2, 'rewards/rejected': -3, 'rewards/margins': 3.01 } },
  { kind: 'evaluation', entry: { eval_loss: 0.5, 'eval_rewards/margins': 0.25, eval_entropy: 4, eval_num_tokens: 99, epoch: 1, step: 2 } },
  { kind: 'checkpoint', step: 2, dir: 'run/checkpoint-2' },
  { kind: 'finished', step: 20, outDir: 'run', trainLoss: 0.6 },
];

test('a person reads results on stdout, and everything about the run on stderr', async () => {
  const { exitCode, stdout, stderr } = await cli(TRAIN_ARGS, { events: EVENTS });
  expect(exitCode).toBe(0);
  expect(stdout.split('\n')).toEqual([
    'KTO on 1,234 examples, the longest of 212 tokens; 10 to evaluate on; 1 dropped; 2 cut to max_length.',
    '20 steps, 5 of them done; 1,126,400 trainable parameters.',
    expect.stringMatching(/^ +step +epoch +loss +kl +rewards\/chosen +rewards\/rejected +rewards\/margins +grad_norm +learning_rate$/),
    expect.stringMatching(/^ +1 +0\.50 +0\.5432 +0 +0\.01235 +- +- +1\.235 +5\.00e-5$/),
    expect.stringMatching(/^ +2 +0\.50 +0\.5432 +0 +0\.01235 +-3 +3\.01 +1\.235 +5\.00e-5$/),
    'Evaluation after step 2: eval_loss 0.5, eval_rewards/margins 0.25',
    'Checkpoint of step 2: run/checkpoint-2',
    'Finished after 20 steps in 0 s: mean training loss 0.6. The adapter is in run.',
    '',
  ]);
  expect(stderr).toBe('Preparing data: 24 of 24 rows\nWarning: The learning rate is high.\nNote: There is no checkpoint yet.\n');
});

test('the columns of the table stay under their headings', async () => {
  const { host } = await cli(TRAIN_ARGS, { events: EVENTS });
  const table = host.stdout.lines.slice(2, 5);
  expect(new Set(table.map((line) => line.length)).size).toBe(1);
});

test('DPO has accuracies where KTO has its KL estimate', async () => {
  const plan = { ...EVENTS[3], method: 'dpo' } as JobEvent;
  const events: JobEvent[] = [plan, { kind: 'log', entry: { step: 1, epoch: 1, loss: 1, 'rewards/accuracies': 0.75 } }];
  const { host } = await cli(['train', '--model', 'b', '--data', 'd', '--out', 'o', '--method', 'dpo'], { events });
  expect(host.stdout.lines[0]).toContain('DPO on 1,234 pairs');
  expect(host.stdout.lines[2]).toContain('rewards/accuracies');
  expect(host.stdout.lines[2]).not.toContain('kl');
  expect(host.stdout.lines[3]).toContain('0.75');
});

test('--json prints every event as one object a line, and nothing else anywhere', async () => {
  const { exitCode, stdout, stderr } = await cli([...TRAIN_ARGS, '--json'], { events: EVENTS });
  expect(stdout.endsWith('\n')).toBe(true);
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(EVENTS);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('--json keeps stdout pure when the job fails', async () => {
  const { exitCode, stdout, stderr } = await cli([...TRAIN_ARGS, '--json'], {
    async *train() {
      yield EVENTS[0] as JobEvent;
      throw new Error('broken');
    },
  });
  expect(stdout).toBe(`${JSON.stringify(EVENTS[0])}\n`);
  expect(stderr).toContain('broken');
  expect(exitCode).toBe(1);
});

test('a line that a text could break stays one line of JSON', async () => {
  const { stdout } = await cli([...TRAIN_ARGS, '--json'], { events: [{ kind: 'note', text: 'one\ntwo\u2028three' }] });
  expect(stdout.split('\n')).toHaveLength(2);
});

test('a reader that is behind holds the run up until it has caught up', async () => {
  const host = fakeHost({ events: EVENTS });
  host.stdout.keepsUp = false;
  const running = runCli([...TRAIN_ARGS, '--json'], host);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(host.stdout.lines).toHaveLength(1);
  host.stdout.keepsUp = true;
  host.stdout.drain();
  expect(await running).toBe(0);
  expect(host.stdout.lines).toHaveLength(EVENTS.length);
});
