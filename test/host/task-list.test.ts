/** @file Work that takes long: told, measured, cancelled, ended. */
import { expect, test } from 'vitest';
import { CancelledError, OutputBusyError } from '#contract/errors.ts';
import { createEventHub } from '#host/event-hub.ts';
import { createRate } from '#host/rate.ts';
import { createTaskList } from '#host/task-list.ts';
import type { Tasks } from '#ipc/services.ts';

const ABOUT = { id: 't1', projectId: 3, title: 'Importing prefs.csv', unit: 'rows' } as const;

interface Listed {
  readonly tasks: Tasks;
  readonly told: unknown[];
  readonly turn: (ms: number) => void;
}

function listOf(): Listed {
  let now = 0;
  const told: unknown[] = [];
  const hub = createEventHub();
  hub.subscribe(({ payload }) => void told.push(payload));
  return { tasks: createTaskList({ emit: hub.emit, nowMs: () => now }), told, turn: (ms) => void (now += ms) };
}

test('a task is told when it begins and when it ends, and gives what its work gives', async () => {
  const { tasks, told } = listOf();
  const result = await tasks.run(ABOUT, () => Promise.resolve(7));
  expect(result).toBe(7);
  expect(told).toEqual([
    { tasks: [{ ...ABOUT, done: 0, total: null, share: null, perSecond: null, msLeft: null, waiting: false, cancelling: false }] },
    { tasks: [] },
  ]);
});

test('however often it reports, it is told ten times a second at most', async () => {
  const { tasks, told, turn } = listOf();
  await tasks.run(ABOUT, async ({ progress }) => {
    for (let done = 1; done <= 400; done++) progress(done, 1000);
    turn(1000);
    progress(500, 1000);
    await expect.poll(() => told.length).toBe(2);
  });
  expect(told[1]).toMatchObject({ tasks: [{ done: 500, total: 1000, share: 0.5, perSecond: 500, msLeft: 1000 }] });
});

test('a part of it begins with a title, a unit and a rate of its own', async () => {
  const { tasks, turn } = listOf();
  await tasks.run(ABOUT, ({ progress, begin }) => {
    turn(1000);
    progress(50, 100);
    begin('Looking for duplicates', 'pairs');
    expect(tasks.list()).toMatchObject([{ title: 'Looking for duplicates', unit: 'pairs', done: 0, total: null, perSecond: null }]);
    turn(1000);
    progress(3, null);
    expect(tasks.list()).toMatchObject([{ perSecond: 3 }]);
    return Promise.resolve();
  });
});

test('a task tells what its work knows, and that it waits for a person', async () => {
  const { tasks } = listOf();
  await tasks.run(ABOUT, ({ report, wait }) => {
    report({ done: 12, share: 0.3, perSecond: null, msLeft: 4000 });
    wait(true);
    expect(tasks.list()).toMatchObject([{ done: 12, total: null, share: 0.3, msLeft: 4000, waiting: true }]);
    return Promise.resolve();
  });
});

test('a cancelled task says so until it has ended, whatever its work throws then', async () => {
  const { tasks } = listOf();
  const running = tasks.run(ABOUT, ({ signal }) => {
    const { promise, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(new Error('The stream was destroyed.')));
    return promise;
  });
  tasks.cancel('t1');
  expect(tasks.list()).toMatchObject([{ cancelling: true }]);
  await expect(running).rejects.toThrow(CancelledError);
  expect(tasks.list()).toEqual([]);
  expect(() => tasks.cancel('t1')).not.toThrow();
});

test('an error of the work is what the request gets, and a task of the same name is refused meanwhile', async () => {
  const { tasks } = listOf();
  const { promise, reject } = Promise.withResolvers<never>();
  const running = tasks.run(ABOUT, () => promise);
  await expect(tasks.run(ABOUT, () => Promise.resolve())).rejects.toThrow(OutputBusyError);
  reject(new Error('The disk is full.'));
  await expect(running).rejects.toThrow('The disk is full.');
});

test('the end of the program cancels all and waits for them', async () => {
  const { tasks } = listOf();
  let cleaned = false;
  const running = tasks.run(ABOUT, async ({ signal }) => {
    while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1));
    cleaned = true;
  });
  await tasks.end();
  expect(cleaned).toBe(true);
  await running;
});

test('a rate is that of the last seconds', () => {
  let now = 0;
  const rate = createRate(() => now);
  expect(rate(0)).toBeNull();
  now = 1000;
  expect(rate(10)).toBe(10);
  for (now = 2000; now <= 20_000; now += 1000) rate(10 + (now - 1000) / 10);
  now = 20_000;
  expect(rate(1910)).toBeCloseTo(100);
});
