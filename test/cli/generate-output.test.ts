/** @file One answer as it comes, many as JSON lines; and the models that pretrain makes. */
import { expect, test } from 'vitest';
import type { GenerateEvent } from '#jobs/generate/generate-request.ts';
import type { PretrainJobEvent } from '#jobs/pretrain/pretrain-request.ts';
import { cli } from '#test/support/fake-cli-host.ts';

const ARGS = ['generate', '--model', 'base'];
const answer = { kind: 'answer', prompt: 0, promptValue: 'Hi', answer: 'Good day.', tokens: 4, finishReason: 'stop' } as const;
const answers: GenerateEvent[] = [{ kind: 'text', prompt: 0, text: 'Good' }, { kind: 'text', prompt: 0, text: ' day.' }, answer];

test('the answer to one prompt is plain text', async () => {
  const { exitCode, stdout, host } = await cli([...ARGS, '--prompt', 'Hi', '--temperature', '0.5', '--seed', '3', '--greedy'], { answers });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Good day.\n' });
  expect(host.requests).toMatchObject([
    { modelDir: 'base', adapterDir: null, prompts: [{ form: 'chat' }], seed: 3, sampling: { temperature: 0.5, topP: 0.95, greedy: true } },
  ]);
});

test('answers to a file are JSON lines', async () => {
  const { stdout, host } = await cli([...ARGS, '--prompts', 'prompts.jsonl', '--adapter', 'runs/kto'], { answers });
  expect(stdout).toBe('{"row":0,"prompt":"Hi","answer":"Good day.","tokens":4,"finish_reason":"stop"}\n');
  expect(host.requests).toMatchObject([{ prompts: { file: 'prompts.jsonl' }, adapterDir: 'runs/kto' }]);
});

test.each([
  [[], 'Give either --prompt TEXT or --prompts FILE.'],
  [['--prompt', 'a', '--prompts', 'b'], 'Give either --prompt TEXT or --prompts FILE.'],
  [['--prompt', 'a', '--top-p', 'much'], '--top-p must be a number; it is much.'],
  [['--prompt', 'a', '--top-p', '2'], 'top_p must be above 0 and at most 1; it is 2.'],
  [['--prompt', 'a', '--seed', '-1'], '--seed must be a whole number from 0 to 4294967295; it is -1.'],
])('%j is not understood', async (more, message) => {
  const { exitCode, stderr } = await cli([...ARGS, ...more]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

const PRETRAIN = ['pretrain', '--config', 'recipe.json', '--data', 'texts.jsonl', '--out', 'model'];
const pretrainEvents: PretrainJobEvent[] = [
  {
    kind: 'plan',
    documents: 60_000,
    tokens: 5e6,
    evalDocuments: 10,
    cutDocuments: 2,
    vocabSize: 2048,
    parameters: 2.4e6,
    steps: 100,
    stepsDone: 20,
  },
  { kind: 'log', entry: { step: 30, loss: 1.23456, grad_norm: 0.5, learning_rate: 0.001 } },
  { kind: 'evaluation', entry: { step: 30, eval_loss: 1.2 } },
  { kind: 'checkpoint', step: 30, file: 'model/checkpoint-30.safetensors' },
  { kind: 'finished', step: 100, outDir: 'model', sha256: 'abc' },
];

test('pretraining says how it goes', async () => {
  const { exitCode, stdout, host } = await cli([...PRETRAIN, '--threads', '2'], { pretrainEvents });
  expect(exitCode).toBe(0);
  expect(stdout.split('\n')).toEqual([
    '60,000 texts of 5,000,000 tokens, 10 to evaluate on; 2 are cut to the context length.',
    '2,400,000 parameters, a vocabulary of 2,048; 100 steps, 20 of them done.',
    'step 30  loss 1.2346  grad_norm 0.5  learning_rate 1.00e-3',
    'Evaluation after step 30: eval_loss 1.2000',
    'Checkpoint of step 30: model/checkpoint-30.safetensors',
    'Finished after 100 steps. The model is in model (sha256 abc).',
    '',
  ]);
  expect(host.requests).toEqual([
    { configFile: 'recipe.json', dataFile: 'texts.jsonl', evalDataFile: null, outDir: 'model', resume: false, threads: 2 },
  ]);
});

test('pretraining in JSON lines, stopped, or asked for nonsense', async () => {
  const { stdout } = await cli([...PRETRAIN, '--json'], { pretrainEvents });
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(pretrainEvents);
  const stopped = await cli(PRETRAIN, { pretrainEvents: [{ kind: 'stopped', step: 3, checkpoint: 'model/checkpoint-3.safetensors' }] });
  expect(stopped.exitCode).toBe(1);
  expect(stopped.stderr).toContain('Stopped. Add --resume to continue.');
  expect((await cli([...PRETRAIN, '--threads', '0'])).stderr).toContain('--threads must be a whole number from 1 to 999; it is 0.');
});
