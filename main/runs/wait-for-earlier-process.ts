/** @file A run whose program was killed saves a checkpoint and ends by itself, which takes a moment: resuming it waits that long. */
import { setTimeout as pause } from 'node:timers/promises';
import { CancelledError, OutputBusyError } from '#contract/errors.ts';
import { refuseIfLocked } from '#jobs/run-lock.ts';

const TRY_AGAIN_MS = 250;
const LONGEST_WAIT_MS = 60_000;

/**
 * @param onWait - told once, if there is something to wait for
 * @throws {OutputBusyError} if the folder is still in use after a minute
 * @throws {CancelledError}
 */
export async function waitForEarlierProcess(
  folder: string,
  { signal, onWait }: { readonly signal: AbortSignal; readonly onWait: (text: string) => void },
): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += TRY_AGAIN_MS) {
    try {
      await refuseIfLocked(folder);
      return;
    } catch (error) {
      if (!(error instanceof OutputBusyError) || waitedMs >= LONGEST_WAIT_MS) throw error;
      if (waitedMs === 0) onWait('An earlier process of this run is still saving. Waiting for it.');
    }
    await pause(TRY_AGAIN_MS);
    if (signal.aborted) throw new CancelledError();
  }
}
