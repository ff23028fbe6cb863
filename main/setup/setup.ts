/** @file All that sets up a run, together: made once for a program, ended with it. */
import { CancelledError } from '#contract/errors.ts';
import { Downloads } from './downloads.ts';
import { Lengths } from './lengths.ts';
import { Previews } from './previews.ts';
import { makeSampleProject } from './sample-project.ts';
import type { SetupSurroundings } from './surroundings.ts';

export interface Setup extends SetupSurroundings {
  readonly lengths: Lengths;
  readonly previews: Previews;
  readonly downloads: Downloads;
  /** Makes the sample project in the background, if this is the first launch; to be called when the window is served. */
  welcome(): void;
  /** Ends every process and download. */
  close(): Promise<void>;
}

/** @param isOffline - what the person prefers */
export function createSetup(around: SetupSurroundings, isOffline: () => boolean): Setup {
  const lengths = new Lengths(around);
  const previews = new Previews(around);
  const downloads = new Downloads(around, isOffline);
  const stop = new AbortController();
  let welcoming = Promise.resolve();
  return {
    ...around,
    lengths,
    previews,
    downloads,
    welcome() {
      welcoming = welcome(around, stop.signal);
    },
    async close() {
      stop.abort();
      lengths.stopAll();
      previews.stopAll();
      await Promise.all([downloads.stopAll(), welcoming]);
    },
  };
}

/** A program without a sample is still one: what goes wrong is only told to the log. */
async function welcome(around: SetupSurroundings, signal: AbortSignal): Promise<void> {
  try {
    const project = await makeSampleProject(around, signal);
    if (project) around.logger.info(`Made the sample project “${project.name}”.`);
  } catch (error) {
    if (error instanceof CancelledError || signal.aborted) return;
    around.logger.error('The sample project could not be made.', error);
  }
}
