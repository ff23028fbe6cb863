/** @file Progress on a terminal and in a log file. */
import { expect, test } from 'vitest';
import type { Progress } from '#cli/progress-text.ts';
import { Screen } from '#cli/screen.ts';
import { WorkRate } from '#cli/work-rate.ts';
import { FakeOutput } from '#test/support/fake-cli-host.ts';

const CLEAR = '\r\u001B[K';

function screenWith(options: { isTTY: boolean; columns?: number }) {
  const clock = { ms: 0 };
  const [stdout, stderr] = [new FakeOutput(), new FakeOutput()];
  Object.assign(stderr, options);
  return { screen: new Screen({ stdout, stderr, nowMs: () => clock.ms }), stdout, stderr, clock };
}

const steps = (done: number, total: number | null = 100): Progress => ({ label: 'Training', done, total, unit: 'steps' });

test('a terminal gets a bar with amount, rate and time left, drawn over the last one', () => {
  const { screen, stderr, clock } = screenWith({ isTTY: true, columns: 120 });
  screen.progress(steps(0));
  clock.ms = 10_000;
  screen.progress(steps(25));
  expect(stderr.writes).toEqual([
    `${CLEAR}Training [${' '.repeat(24)}] 0 of 100 steps`,
    `${CLEAR}Training [=====>${' '.repeat(18)}] 25 of 100 steps, 2.5 steps/s, 30 s left`,
  ]);
});

test('slow work is told by the time of one unit', () => {
  const { screen, stderr, clock } = screenWith({ isTTY: true, columns: 120 });
  screen.progress(steps(10, 400));
  clock.ms = 100_000;
  screen.progress(steps(20, 400));
  expect(stderr.writes.at(-1)).toContain('20 of 400 steps, 10 s/step, 1 h 3 min left');
});

test('part of a step is not a step', () => {
  const { screen, stderr } = screenWith({ isTTY: true });
  screen.progress(steps(2.75));
  expect(stderr.text).toContain(' 2 of 100 steps');
});

test('bytes have their units, and without a total there is neither bar nor time left', () => {
  const { screen, stderr, clock } = screenWith({ isTTY: true, columns: 120 });
  const bytes = (done: number, total: number | null): Progress => ({ label: 'Loading model', done, total, unit: 'bytes' });
  screen.progress(bytes(0, 4.4e9));
  clock.ms = 1000;
  screen.progress(bytes(1.1e9, 4.4e9));
  clock.ms = 2000;
  screen.progress(bytes(2.2e9, null));
  expect(stderr.writes[1]).toContain('1.1 GB of 4.4 GB, 1.1 GB/s, 3 s left');
  expect(stderr.writes[2]).toBe(`${CLEAR}Loading model: 2.2 GB, 1.1 GB/s`);
});

test('a terminal is redrawn ten times a second, and always at the end', () => {
  const { screen, stderr, clock } = screenWith({ isTTY: true });
  for (let step = 0; step <= 100; step++) {
    clock.ms = step * 10;
    screen.progress(steps(step));
  }
  expect(stderr.writes).toHaveLength(11);
  clock.ms += 1;
  screen.progress({ ...steps(100), label: 'Saving' });
  expect(stderr.writes).toHaveLength(12);
});

test('a narrow terminal has the numbers without the bar, and never a second line', () => {
  const { screen, stderr } = screenWith({ isTTY: true, columns: 40 });
  screen.progress(steps(50));
  screen.progress({ ...steps(50), label: 'Caching reference log-probabilities' });
  expect(stderr.writes.map((text) => text.slice(CLEAR.length))).toEqual([
    'Training: 50 of 100 steps',
    'Caching reference log-probabilities: 50',
  ]);
});

test('a fast rate is rounded and grouped', () => {
  const { screen, stderr, clock } = screenWith({ isTTY: false });
  screen.progress(steps(0, null));
  clock.ms = 5000;
  screen.progress(steps(56_789, null));
  expect(stderr.writes.at(-1)).toBe('Training: 56,789 steps, 11,000 steps/s\n');
});

test('a line takes the place of the bar, which comes back below', () => {
  const { screen, stdout, stderr } = screenWith({ isTTY: true });
  screen.progress(steps(1));
  screen.result('a result');
  screen.progress(steps(2));
  screen.remark('a remark');
  expect(stdout.text).toBe('a result\n');
  expect(stderr.writes.map((text) => text.replace(/(?<=K)Training.*/, '#'))).toEqual([
    `${CLEAR}#`,
    CLEAR,
    `${CLEAR}#`,
    CLEAR,
    'a remark\n',
  ]);
});

test('a log file gets whole lines, one every five seconds at most', () => {
  const { screen, stderr, clock } = screenWith({ isTTY: false });
  for (let second = 0; second <= 12; second++) {
    clock.ms = second * 1000;
    screen.progress({ ...steps(second), label: second < 3 ? 'Preparing data' : 'Training' });
  }
  expect(stderr.writes).toEqual([
    'Preparing data: 0 of 100 steps\n',
    'Training: 5 of 100 steps, 1 steps/s, 1 min 35 s left\n',
    'Training: 10 of 100 steps, 1 steps/s, 1 min 30 s left\n',
  ]);
});

test('lines in a log file need no clearing', () => {
  const { screen, stderr } = screenWith({ isTTY: false });
  screen.progress(steps(1));
  screen.remark('a remark');
  screen.clear();
  expect(stderr.text).not.toContain('\r');
});

test('an evaluation in between does not slow the training down', () => {
  const { screen, stderr, clock } = screenWith({ isTTY: true, columns: 120 });
  screen.progress(steps(0));
  clock.ms = 1000;
  screen.progress(steps(10));
  screen.progress({ label: 'Evaluating', done: 1, total: 2, unit: 'batches' });
  clock.ms = 61_000;
  screen.progress({ label: 'Evaluating', done: 2, total: 2, unit: 'batches' });
  screen.progress(steps(10));
  clock.ms = 62_000;
  screen.progress(steps(20));
  expect(stderr.writes.at(-1)).toContain('20 of 100 steps, 10 steps/s, 8 s left');
});

test('work done by the run that is resumed does not count as speed', () => {
  const rate = new WorkRate();
  rate.report(90, 0);
  expect(rate.perSecond).toBeNull();
  rate.report(91, 2000);
  expect(rate.perSecond).toBe(0.5);
});
