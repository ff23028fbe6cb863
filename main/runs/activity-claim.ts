/** @file Says, for as long as a run is in memory, that it must not be cut off unasked, and whether the machine may sleep. */
import type { RunSurroundings } from './surroundings.ts';

export interface ActivityClaim {
  set(options: { readonly keepsAwake: boolean }): void;
  end(): void;
}

/** Keeps the machine awake until told otherwise. @param what - as a sentence would name it */
export function claimActivity(activity: RunSurroundings['activity'], what: string): ActivityClaim {
  let end = activity.begin(what, { keepsAwake: true });
  return {
    set(options) {
      const endEarlier = end;
      // The new one first, so that there is no moment without any.
      end = activity.begin(what, options);
      endEarlier();
    },
    end: () => end(),
  };
}
