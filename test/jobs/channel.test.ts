import { describe, expect, it } from 'vitest';
import { withEvents } from '#jobs/channel.ts';

const never = new AbortController().signal;
const pause = (ms = 1) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function drain<Event, Result>(events: AsyncGenerator<Event, Result>): Promise<{ events: Event[]; result: Result }> {
  const all: Event[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) return { events: all, result: next.value };
    all.push(next.value);
  }
}

describe('withEvents', () => {
  it('passes on every event in order, then the result', async () => {
    const work = async (emit: (event: number) => void) => {
      emit(1);
      emit(2);
      await pause();
      emit(3);
      await pause();
      return 'done';
    };
    expect(await drain(withEvents(work, never))).toEqual({ events: [1, 2, 3], result: 'done' });
  });

  it('loses nothing when the work ends before anyone listens, or says nothing', async () => {
    const burst = (emit: (event: number) => void) => {
      for (let i = 0; i < 100; i++) emit(i);
      return Promise.resolve(100);
    };
    expect((await drain(withEvents(burst, never))).events).toHaveLength(100);
    expect(await drain(withEvents(() => Promise.resolve('silent'), never))).toEqual({ events: [], result: 'silent' });
  });

  it('throws what the work throws, after the events before it', async () => {
    const events: number[] = [];
    const work = async (emit: (event: number) => void) => {
      emit(1);
      await pause();
      throw new Error('broken');
    };
    const run = (async () => {
      for await (const event of withEvents(work, never)) events.push(event);
    })();
    await expect(run).rejects.toThrow('broken');
    expect(events).toEqual([1]);
  });

  it('hands on the signal', async () => {
    const stop = new AbortController();
    const work = async (_: unknown, signal: AbortSignal) => {
      while (!signal.aborted) await pause();
      throw new Error('stopped');
    };
    setTimeout(() => stop.abort(), 5);
    await expect(drain(withEvents(work, stop.signal))).rejects.toThrow('stopped');
  });

  it('aborts the work of a consumer that leaves, and waits for its end', async () => {
    let ended = false;
    const work = async (emit: (event: number) => void, signal: AbortSignal) => {
      emit(1);
      while (!signal.aborted) await pause();
      await pause(5);
      ended = true;
      throw new Error('nobody hears this');
    };
    for await (const event of withEvents(work, never)) {
      expect(event).toBe(1);
      break;
    }
    expect(ended).toBe(true);
  });
});
