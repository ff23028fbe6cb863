/** @file All that sets up a run, together: made once for a program, ended with it. */
import { Downloads } from './downloads.ts';
import { Lengths } from './lengths.ts';
import { Previews } from './previews.ts';
import type { SetupSurroundings } from './surroundings.ts';

export interface Setup extends SetupSurroundings {
  readonly lengths: Lengths;
  readonly previews: Previews;
  readonly downloads: Downloads;
  /** Ends every process and download. */
  close(): Promise<void>;
}

/** @param isOffline - what the person prefers */
export function createSetup(around: SetupSurroundings, isOffline: () => boolean): Setup {
  const lengths = new Lengths(around);
  const previews = new Previews(around);
  const downloads = new Downloads(around, isOffline);
  return {
    ...around,
    lengths,
    previews,
    downloads,
    async close() {
      lengths.stopAll();
      previews.stopAll();
      await downloads.stopAll();
    },
  };
}
