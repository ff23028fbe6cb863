/** @file Ctrl-C, SIGTERM and a closed pipe: the job ends in good order, and the person is told how to go on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CancelledError } from '#contract/errors.ts';
import { runCli } from '#cli/run-cli.ts';
import { stopOnSignals } from '#cli/stop-on-signals.ts';
import type { JobEvent } from '#jobs/training-request.ts';
import { fakeHost } from '#test/support/fake-cli-host.ts';
import type { FakeHost } from '#test/support/fake-cli-host.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const LOG: JobEvent = { kind: 'log', entry: { step: 1, epoch: 1, loss: 1 } };

const argsFor = (out: string) => ['train', '--model', 'base model', '--data', "it's.jsonl", '--method', 'kto', '--out', out];

/** A run that is stopped after its first logged step, and then says `last`. */
function stoppedHost(reason: unknown, last: JobEvent | Error): FakeHost {
  const host: FakeHost = fakeHost({
    async *train(_request, { signal }) {
      yield LOG;
      host.stop(reason);
      expect(signal.aborted).toBe(true);
      if (last instanceof Error) throw last;
      yield last;
    },
  });
  return host;
}

test.each([
  ['SIGINT', 130, 'Stopping, and saving what has been done. Ctrl-C again ends at once.'],
  ['SIGTERM', 143, 'Stopping, and saving what has been done.'],
  ['EPIPE', 141, 'Stopping, and saving what has been done.'],
])('%s saves a checkpoint, and the command to continue is shown', async (reason, code, announced) => {
  const host = stoppedHost(reason, { kind: 'stopped', step: 7, checkpointDir: 'run/checkpoint-7' });
  expect(await runCli(argsFor('run'), host)).toBe(code);
  expect(host.stderr.lines).toEqual([
    announced,
    'Stopped after step 7; the checkpoint is run/checkpoint-7. To continue:',
    String.raw`  prospect train --model 'base model' --data 'it'\''s.jsonl' --method kto --out run --resume`,
  ]);
});

test('a run that was resumed already is continued with the same command', async () => {
  const host = stoppedHost('SIGINT', { kind: 'stopped', step: 7, checkpointDir: 'run/checkpoint-7' });
  await runCli([...argsFor('run'), '--resume', '--json'], host);
  expect(host.stderr.lines.at(-1)).toMatch(/ --out run --json --resume$/);
  expect(host.stdout.lines.map((line) => (JSON.parse(line) as JobEvent).kind)).toEqual(['log', 'stopped']);
});

test('before the first step a folder without a run is started anew, one with a run resumed', async () => {
  const out = join(await temporaryFolder(), 'run');
  const stopped: JobEvent = { kind: 'stopped', step: 0, checkpointDir: null };
  const fresh = stoppedHost('SIGINT', stopped);
  expect(await runCli(argsFor(out), fresh)).toBe(130);
  expect(fresh.stderr.lines.slice(1)).toEqual([
    'Stopped before the first step was done. To start again:',
    expect.stringMatching(/ --out \S+$/),
  ]);

  await mkdir(out);
  await writeFile(join(out, 'run.json'), '{}');
  const begun = stoppedHost('SIGINT', stopped);
  await runCli(argsFor(out), begun);
  expect(begun.stderr.lines.at(-1)).toMatch(/ --resume$/);
});

test('a job that only throws when it is cancelled is understood too', async () => {
  const host = stoppedHost('SIGINT', new CancelledError('Training was stopped.'));
  expect(await runCli(argsFor('/nowhere'), host)).toBe(130);
  expect(host.stderr.text).toContain('Stopped before the first step was done. To start again:');
});

test('a job that finishes all the same is finished', async () => {
  const host = stoppedHost('SIGINT', { kind: 'finished', step: 1, outDir: 'run', trainLoss: 1 });
  expect(await runCli(argsFor('run'), host)).toBe(0);
  expect(host.stdout.text).toContain('The adapter is in run.');
});

test('an error while stopping is still an error', async () => {
  const host = stoppedHost('SIGINT', new TypeError('broken'));
  expect(await runCli(argsFor('run'), host)).toBe(1);
  expect(host.stderr.text).toContain('This is a bug in Prospect: broken');
});

test('a run goes on to save its checkpoint when nobody reads its events any more', async () => {
  const host: FakeHost = fakeHost({
    async *train() {
      yield LOG;
      yield { kind: 'checkpoint', step: 1, dir: 'run/checkpoint-1' } as const;
      yield { kind: 'stopped', step: 1, checkpointDir: 'run/checkpoint-1' } as const;
    },
  });
  host.stdout.keepsUp = false;
  setTimeout(() => host.stop('EPIPE'), 5);
  expect(await runCli([...argsFor('run'), '--json'], host)).toBe(141);
  expect(host.stdout.lines).toHaveLength(3);
});

test.each([
  ['SIGINT', 130, 'prospect: Stopped.\n'],
  ['SIGTERM', 143, 'prospect: Stopped.\n'],
  ['EPIPE', 0, ''],
])('scoring ends at %s', async (reason, code, said) => {
  const host: FakeHost = fakeHost({
    async *score() {
      yield { row: 0, logp: -1, tokens: 1 };
      host.stop(reason);
      throw new CancelledError('Scoring was stopped.');
    },
  });
  expect(await runCli(['score', '--model', 'base', '--data', 'd'], host)).toBe(code);
  expect(host.stderr.text).toBe(said);
  expect(host.stdout.text).toBe('{"row":0,"logp":-1,"tokens":1}\n');
});

class FakeProcess {
  readonly listeners = new Map<string, (signal: NodeJS.Signals) => void>();

  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): void {
    this.listeners.set(signal, listener);
  }

  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): void {
    if (this.listeners.get(signal) === listener) this.listeners.delete(signal);
  }

  receive(signal: NodeJS.Signals): void {
    this.listeners.get(signal)?.(signal);
  }
}

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout'], shouldAdvanceTime: true }));
afterEach(() => vi.useRealTimers());

test('the first signal aborts with its name', () => {
  const source = new FakeProcess();
  const controller = new AbortController();
  stopOnSignals(source, controller);
  expect([...source.listeners.keys()]).toEqual(['SIGINT', 'SIGTERM']);
  source.receive('SIGTERM');
  expect(controller.signal.reason).toBe('SIGTERM');
});

test('an echo of the first signal changes nothing; after that the system ends the process at the next one', () => {
  const source = new FakeProcess();
  const controller = new AbortController();
  stopOnSignals(source, controller);
  source.receive('SIGINT');
  vi.advanceTimersByTime(100);
  source.receive('SIGINT');
  expect(source.listeners.size).toBe(2);
  vi.advanceTimersByTime(200);
  expect(source.listeners.size).toBe(0);
  expect(controller.signal.reason).toBe('SIGINT');
});
