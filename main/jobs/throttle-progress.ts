/** @file Thins out progress, which some sources report thousands of times a second. All other events pass. */
import type { JobEvent, Phase } from './training-request.ts';

const MIN_INTERVAL_MS = 100;

/** The first and the last report of a phase always pass. @param nowMs - a monotonic clock */
export async function* throttleProgress(events: AsyncIterable<JobEvent>, nowMs: () => number): AsyncGenerator<JobEvent> {
  let lastMs = -Infinity;
  let lastPhase: Phase | null = null;
  for await (const event of events) {
    if (event.kind === 'progress') {
      const due = event.phase !== lastPhase || event.done === event.total || nowMs() - lastMs >= MIN_INTERVAL_MS;
      if (!due) continue;
      lastMs = nowMs();
      lastPhase = event.phase;
    }
    yield event;
  }
}
