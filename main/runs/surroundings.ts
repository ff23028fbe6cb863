/** @file What runs are given: the store, a way to start processes, and whom to tell. */
import type { EngineChoice } from '#contract/engines.ts';
import type { EventName, PayloadArguments } from '#contract/index.ts';
import type { SpawnJob } from '#jobs/job-process.ts';
import type { Store } from '#store/store.ts';

export interface RunSurroundings {
  readonly store: Store;
  /** Where converted weights and reference log-probabilities of all runs are kept. */
  readonly cacheDir: string;
  readonly spawnJob: SpawnJob;
  /** What the person wants to compute with on this machine, now. */
  readonly engineChoice: () => EngineChoice;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** A monotonic clock: it does not jump, and may stand still while the machine sleeps. */
  readonly nowMs: () => number;
  readonly logger: {
    info(message: string): void;
    warn(message: string): void;
    error(message: string, cause?: unknown): void;
  };
  readonly emit: <N extends EventName>(name: N, ...payload: PayloadArguments<N>) => void;
  readonly activity: {
    begin(what: string, options?: { readonly keepsAwake: boolean }): () => void;
  };
}
