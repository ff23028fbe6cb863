/** @file How fast something goes, over the last seconds: what was long ago says little about what is left. */

const WINDOW_MS = 5000;
const LEAST_MS = 500;

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/** @returns call it with how much is done; it answers units a second, or null while unknown. Null begins anew. */
export function createRate(nowMs: () => number): (done: number | null) => number | null {
  let samples: Sample[] = [{ atMs: nowMs(), done: 0 }];
  return (done) => {
    const atMs = nowMs();
    if (done === null) {
      samples = [{ atMs, done: 0 }];
      return null;
    }
    samples.push({ atMs, done });
    // The last one outside the window stays as its beginning.
    while (samples.length > 2 && atMs - (samples[1]?.atMs ?? atMs) > WINDOW_MS) samples.shift();
    const first = samples[0] as Sample;
    if (atMs - first.atMs < LEAST_MS) return null;
    return ((done - first.done) / (atMs - first.atMs)) * 1000;
  };
}
