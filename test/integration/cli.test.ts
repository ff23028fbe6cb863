/** @file The whole command on a tiny model: train with both methods, score with what came out, stop and go on. */
import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import type { JobEvent } from '#jobs/training-request.ts';
import { ROOT, runProspect } from '#test/support/run-prospect.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL, writeRows } from '#test/support/training-runs.ts';

const PROMPTS = Array.from({ length: 12 }, (_, i) => `Question ${i}? `);

let folder = '';
let examples = '';
let pairs = '';

beforeAll(async () => {
  folder = await temporaryFolder();
  const rows = PROMPTS.flatMap((prompt, i) => [
    { prompt, completion: `a fine answer ${i}`, label: true },
    { prompt, completion: `no ${i}`, label: false },
  ]);
  examples = await writeRows(folder, rows, 'examples.jsonl');
  pairs = await writeRows(
    folder,
    PROMPTS.map((prompt, i) => ({ prompt, chosen: `a fine answer ${i}`, rejected: `no ${i}` })),
    'pairs.jsonl',
  );
});

function trainArgs(method: 'kto' | 'dpo', name: string, ...more: readonly string[]): string[] {
  const data = method === 'kto' ? examples : pairs;
  const paths = ['--model', BASE_MODEL, '--data', data, '--out', join(folder, name), '--cache-dir', join(folder, 'cache')];
  return ['train', ...paths, '--method', method, '--learning-rate', '5e-3', ...more];
}

async function score(...more: readonly string[]): Promise<Record<string, unknown>[]> {
  const { exitCode, stdout, stderr } = await runProspect(['score', '--model', BASE_MODEL, '--cache-dir', join(folder, 'cache'), ...more]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('KTO in plain words leaves an adapter that prefers the good answers', async () => {
  const { exitCode, stdout, stderr } = await runProspect(trainArgs('kto', 'kto', '--max-steps', '12', '--eval-ratio', '0.2'));
  expect(exitCode).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^KTO on 20 examples, the longest of \d+ tokens; 4 to evaluate on\.$/);
  expect(lines[1]).toMatch(/^12 steps; [\d,]+ trainable parameters\.$/);
  expect(lines.filter((line) => /^ +\d+ {2}/.test(line))).toHaveLength(12);
  expect(stdout).toMatch(/^Evaluation after step 12: eval_loss /m);
  expect(lines.at(-1)).toMatch(/^Finished after 12 steps in [\d]+ s: mean training loss 0\.\d+\. The adapter is in /);
  expect(stderr).toContain('Warning: learning_rate 0.005 is high for beta 0.1');

  const base = await score('--data', examples);
  const tuned = await score('--data', examples, '--adapter', join(folder, 'kto'));
  expect(tuned.map(({ row }) => row)).toEqual(Array.from({ length: 24 }, (_, i) => i));
  const gain = (row: number) => (tuned[row]?.['logp'] as number) - (base[row]?.['logp'] as number);
  const mean = (rows: readonly number[]) => rows.reduce((sum, row) => sum + gain(row), 0) / rows.length;
  const [good, bad] = [0, 1].map((rest) => base.flatMap((_, row) => (row % 2 === rest ? [row] : []))) as [number[], number[]];
  expect(mean(good)).toBeGreaterThan(mean(bad) + 1);
});

test('DPO as JSON says everything on stdout, from the plan to the end', async () => {
  const { exitCode, stdout, stderr } = await runProspect(trainArgs('dpo', 'dpo', '--max-steps', '6', '--json'));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JobEvent);
  expect(events.find(({ kind }) => kind === 'plan')).toMatchObject({ method: 'dpo', trainRows: 12, evalRows: 0, steps: 6 });
  const log = events.flatMap((event) => (event.kind === 'log' ? [event.entry] : []));
  expect(log.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(log[0]?.['loss']).toBeCloseTo(Math.log(2), 6);
  expect(log.at(-1)?.['rewards/margins']).toBeGreaterThan(0);
  expect(events.at(-1)).toMatchObject({ kind: 'finished', step: 6, outDir: join(folder, 'dpo') });

  const scores = await score('--data', pairs, '--adapter', join(folder, 'dpo'), '--max-length', '64');
  expect(scores).toHaveLength(12);
  expect(scores[3]).toEqual({
    row: 3,
    chosen: { logp: expect.any(Number) as number, tokens: 16 },
    rejected: { logp: expect.any(Number) as number, tokens: 5 },
  });
});

/** Long enough to be stopped in the middle. */
const LONG = ['--max-steps', '150', '--save-steps', '1000', '--warmup-steps', '0.1'];

test.skipIf(process.platform === 'win32')(
  'the command shown after Ctrl-C goes on to the same adapter',
  async () => {
    let hasStopped = false;
    const stopped = await runProspect(trainArgs('kto', 'stopped', ...LONG), {
      onOutput: (text, kill) => {
        if (hasStopped || !/^ +3 {2}/m.test(text)) return;
        hasStopped = true;
        kill('SIGINT');
      },
    });
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toMatch(/Stopped after step \d+; the checkpoint is \S+checkpoint-\d+\. To continue:\n/);
    expect(stopped.stdout).not.toContain('Finished');
    expect(await readdir(join(folder, 'stopped'))).not.toContain('adapter_model.safetensors');

    const command = stopped.stderr.trimEnd().split('\n').at(-1) ?? '';
    expect(command).toMatch(/ --resume$/);
    const resumed = await promisify(execFile)('bash', ['-c', command], { cwd: ROOT });
    expect(resumed.stdout).toMatch(/^150 steps, \d+ of them done;/m);
    expect(resumed.stdout).toContain('Finished after 150 steps');

    const whole = await runProspect(trainArgs('kto', 'whole', ...LONG));
    expect(whole.exitCode).toBe(0);
    const adapter = (name: string) => readFile(join(folder, name, 'adapter_model.safetensors'));
    expect((await adapter('stopped')).equals(await adapter('whole'))).toBe(true);
  },
  60_000,
);

test('an output folder in use, and a row that is wrong, are one line each', async () => {
  const { exitCode, stdout, stderr } = await runProspect(trainArgs('kto', 'taken', '--max-steps', '1'));
  expect({ exitCode, isFinished: stdout.includes('Finished'), isBug: stderr.includes('bug') }).toEqual({
    exitCode: 0,
    isFinished: true,
    isBug: false,
  });
  const again = await runProspect(trainArgs('kto', 'taken'));
  expect(again).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringMatching(/^prospect: \S+ already holds a run\.[^\n]*\n$/) as string,
  });

  const bad = await writeRows(
    folder,
    [
      { prompt: 'Why?', completion: 'So.', label: true },
      { prompt: 'Why?', completion: 'No.', label: 'bad' },
      { prompt: 'How?', completion: 'No.', label: false },
    ],
    'bad.jsonl',
  );
  const args = [
    'train',
    '--model',
    BASE_MODEL,
    '--data',
    bad,
    '--out',
    join(folder, 'bad'),
    '--cache-dir',
    join(folder, 'cache'),
    '--method',
    'kto',
    '--max-steps',
    '1',
  ];
  const refused = await runProspect(args);
  expect(refused).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringMatching(/^prospect: Row 2 of bad\.jsonl has the `label` "bad"\.[^\n]*\n$/) as string,
  });
  const skipped = await runProspect([...args, '--skip-bad-rows']);
  expect(skipped.stderr).toMatch(/^Warning: .*skipped: Row 2 of bad\.jsonl has the `label` "bad"/m);
  expect(skipped.stdout).toMatch(/^KTO on 2 examples/);
  expect(skipped.exitCode).toBe(0);
});
