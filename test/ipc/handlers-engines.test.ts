/** @file What computes on this machine, asked as a window asks. */
import { describe, expect, it } from 'vitest';
import type { EngineList } from '#contract/engines.ts';
import type { Result } from '#contract/result.ts';
import { createDispatch } from '#ipc/dispatch.ts';
import { handlers } from '#ipc/handlers.ts';
import type { SpawnInquiry } from '#inquiries/ask-inquiry.ts';
import { fakeServices } from '#test/support/fake-services.ts';

type Listener = (value: never) => void;

/** A process that tests an engine as soon as it is asked, or never. */
function inquiries(answers: boolean): { readonly spawn: SpawnInquiry; readonly asked: unknown[]; killed: number } {
  const record = { asked: [] as unknown[], killed: 0 };
  const spawn = (() => {
    const listeners: Listener[] = [];
    queueMicrotask(() => listeners.forEach((listener) => listener({ type: 'ready' } as never)));
    return {
      pid: 1,
      send: (message: { readonly question: { readonly engine: string } }) => {
        record.asked.push(message.question);
        const { engine } = message.question;
        const answer = { engine, state: 'works', reason: null, backend: engine, gflops: 100, largestError: 0 };
        if (answers) queueMicrotask(() => listeners.forEach((listener) => listener({ type: 'answer', answer } as never)));
      },
      kill: () => void record.killed++,
      onMessage: (listener: Listener) => void listeners.push(listener),
      onExit: () => undefined,
    };
  }) as unknown as SpawnInquiry;
  return Object.assign(record, { spawn });
}

async function open({ answers = true } = {}) {
  const processes = inquiries(answers);
  const services = await fakeServices({ spawnInquiry: processes.spawn });
  const dispatch = createDispatch(handlers, services);
  const ask = async (name: string, input?: unknown): Promise<Result<unknown>> =>
    dispatch({ name, ...(input === undefined ? {} : { input }) });
  const list = async (): Promise<EngineList> => {
    const result = await ask('engines.list');
    if (!result.ok) throw new Error(result.error.message);
    return result.value as EngineList;
  };
  return { services, processes, ask, list };
}

describe('engines', () => {
  it('are listed with the device they compute on, without being tested', async () => {
    const { list, processes } = await open();
    const { rows, fastest, chosen } = await list();
    expect(rows[0]).toMatchObject({ engine: 'onnx:cpu', title: 'Processor', absence: null, test: null });
    expect(rows[0]?.device?.name).toMatch(/, \d+ threads?$/);
    expect([fastest, chosen]).toEqual([null, 'auto']);
    expect(processes.asked).toEqual([]);
  });

  it('are tested one by one in processes of their own, and what was found is remembered', async () => {
    const { ask, list, processes, services } = await open();
    await ask('engines.test', { task: 'one', engines: ['onnx:cpu'] });
    expect(processes.asked).toEqual([{ kind: 'engine', engine: 'onnx:cpu' }]);
    expect(await list()).toMatchObject({ fastest: 'onnx:cpu' });
    expect(services.told.map(({ name }) => name)).toContain('engines.changed');
    await ask('engines.test', { task: 'all', engines: null });
    const here = (await list()).rows.filter(({ absence }) => absence === null);
    expect(here.map(({ test }) => test?.gflops)).toEqual(here.map(() => 100));
  });

  it('are not tested while a run or another test is under way', async () => {
    const { ask, services } = await open({ answers: false });
    const end = services.activity.begin('KTO 1');
    const refused = await ask('engines.test', { task: 'one', engines: null });
    expect(refused).toMatchObject({ ok: false, error: { code: 'output-busy', message: expect.stringContaining('KTO 1 is under way') } });
    end();
    const first = ask('engines.test', { task: 'one', engines: ['onnx:cpu'] });
    expect(await ask('engines.test', { task: 'two', engines: null })).toMatchObject({ ok: false, error: { code: 'output-busy' } });
    await ask('tasks.cancel', { id: 'one' });
    await first;
  });

  it('are left in peace when the test is cancelled: its process is killed and nothing is remembered', async () => {
    const { ask, list, processes, services } = await open({ answers: false });
    const test = ask('engines.test', { task: 'one', engines: ['onnx:cpu'] });
    await expect.poll(() => processes.asked.length).toBe(1);
    await ask('tasks.cancel', { id: 'one' });
    expect(await test).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(processes.killed).toBe(1);
    expect((await list()).rows[0]?.test).toBeNull();
    expect(services.tasks.list()).toEqual([]);
  });

  it('are chosen for this machine, and every window is told', async () => {
    const { ask, list, services } = await open();
    await ask('engines.choose', { engine: 'tfjs:wasm' });
    expect((await list()).chosen).toBe('tfjs:wasm');
    expect(services.told.map(({ name }) => name)).toEqual(['engines.changed']);
    expect(await ask('engines.choose', { engine: 'abacus' })).toMatchObject({ ok: false, error: { code: 'settings' } });
    expect((await list()).chosen).toBe('tfjs:wasm');
  });
});
