/** @file Ends a process that says nothing any more. */

const TICK_MS = 5000;
/** The largest chunk of the largest model takes some minutes on a slow machine; nothing takes this long. */
const LONGEST_SILENCE_MS = 30 * 60_000;

export interface Watched {
  /** How long it has been silent. */
  readonly silentForMs: number;
}

/**
 * Counts its own ticks instead of the time, so that a machine that slept is not taken for a process that hangs.
 * @param onHung - called once, with the reason
 * @returns how to end it
 */
export function watchSilence(job: Watched, onHung: (text: string) => void): () => void {
  let silentTicks = 0;
  const timer = setInterval(() => {
    silentTicks = job.silentForMs < TICK_MS ? 0 : silentTicks + 1;
    if (silentTicks * TICK_MS < LONGEST_SILENCE_MS) return;
    clearInterval(timer);
    onHung(
      `The training process said nothing for ${LONGEST_SILENCE_MS / 60_000} minutes, so it was ended. Resume the run to continue from its last checkpoint; if it happens again, lower the memory it needs.`,
    );
  }, TICK_MS);
  return () => clearInterval(timer);
}
