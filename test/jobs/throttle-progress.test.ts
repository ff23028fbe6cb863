import { describe, expect, it } from 'vitest';
import { throttleProgress } from '#jobs/throttle-progress.ts';
import type { JobEvent, Phase } from '#jobs/training-request.ts';

const progress = (phase: Phase, done: number, total: number | null = 100): JobEvent => ({
  kind: 'progress',
  phase,
  done,
  total,
  unit: 'steps',
});
const note: JobEvent = { kind: 'note', text: 'n' };

/** Events with the time at which each comes. */
async function throttled(events: readonly (readonly [atMs: number, event: JobEvent])[]): Promise<JobEvent[]> {
  let nowMs = 0;
  async function* source(): AsyncGenerator<JobEvent> {
    for (const [atMs, event] of events) {
      nowMs = atMs;
      yield event;
    }
  }
  const passed: JobEvent[] = [];
  for await (const event of throttleProgress(source(), () => nowMs)) passed.push(event);
  return passed;
}

describe('throttleProgress', () => {
  it('lets ten reports a second pass', async () => {
    const events = Array.from({ length: 1000 }, (_, ms) => [ms, progress('Training', ms, null)] as const);
    const passed = await throttled(events);
    expect(passed).toHaveLength(10);
    expect(passed[1]).toMatchObject({ done: 100 });
  });

  it('always lets the first and the last report of a phase pass', async () => {
    const passed = await throttled([
      [0, progress('Training', 1)],
      [1, progress('Training', 2)],
      [2, progress('Evaluating', 1, 3)],
      [3, progress('Evaluating', 2, 3)],
      [4, progress('Evaluating', 3, 3)],
      [5, progress('Training', 3)],
    ]);
    expect(passed.map((event) => event.kind === 'progress' && [event.phase, event.done])).toEqual([
      ['Training', 1],
      ['Evaluating', 1],
      ['Evaluating', 3],
      ['Training', 3],
    ]);
  });

  it('never holds back anything else', async () => {
    const passed = await throttled([
      [0, progress('Training', 1)],
      [0, note],
      [0, progress('Training', 2)],
      [0, note],
    ]);
    expect(passed.map(({ kind }) => kind)).toEqual(['progress', 'note', 'note']);
  });
});
