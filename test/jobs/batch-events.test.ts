import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batchEvents } from '#jobs/batch-events.ts';
import type { JobEvent } from '#jobs/training-request.ts';

const log = (step: number): JobEvent => ({ kind: 'log', entry: { step } });
const progress = (done: number): JobEvent => ({ kind: 'progress', phase: 'Training', done, total: 100, unit: 'steps' });

describe('batched events', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('go out at most ten times a second, none lost and in order, however many come', () => {
    const sent: (readonly JobEvent[])[] = [];
    const batcher = batchEvents(
      (events) => sent.push(events),
      () => Date.now(),
    );
    for (let step = 1; step <= 1000; step++) {
      batcher.add(log(step));
      vi.advanceTimersByTime(1);
    }
    batcher.flush();
    expect(sent.length).toBeLessThanOrEqual(11);
    expect(sent.flat()).toEqual(Array.from({ length: 1000 }, (_, i) => log(i + 1)));
  });

  it('keep only the newest progress of those that wait', () => {
    const sent: (readonly JobEvent[])[] = [];
    const batcher = batchEvents(
      (events) => sent.push(events),
      () => Date.now(),
    );
    for (const event of [progress(1), progress(2), log(2), progress(3)]) batcher.add(event);
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([[progress(1)], [log(2), progress(3)]]);
  });

  it('go out without a timer when the thread was blocked meanwhile', () => {
    const sent: (readonly JobEvent[])[] = [];
    let nowMs = 0;
    const batcher = batchEvents(
      (events) => sent.push(events),
      () => nowMs,
    );
    batcher.add(log(1));
    nowMs = 50;
    batcher.add(log(2));
    nowMs = 5000; // a long computation; no timer could fire
    batcher.add(log(3));
    expect(sent).toEqual([[log(1)], [log(2), log(3)]]);
    vi.advanceTimersByTime(1000);
    expect(sent).toHaveLength(2);
  });
});
