/** @file What the process of a run is asked: its rows and prompts as files, its model found again, and what shall compute. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineChoice } from '#contract/engines.ts';
import { StorageError, StoreError } from '#contract/errors.ts';
import { checkModel } from '#jobs/open-model.ts';
import type { TrainingRequest } from '#jobs/training-request.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { getModel } from '#store/models.ts';
import type { Run } from '#store/runs.ts';
import { adapterDirOf } from './initial-adapter.ts';
import type { RunSurroundings } from './surroundings.ts';
import { waitForEarlierProcess } from './wait-for-earlier-process.ts';
import { writeProbes } from './write-probes.ts';
import { writeRows } from './write-rows.ts';

export interface PrepareOptions {
  readonly surroundings: Pick<RunSurroundings, 'store' | 'cacheDir' | 'engineChoice'>;
  /** Of the run. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** A sentence about what it waits for. */
  readonly onWait: (text: string) => void;
  /** Rows that are written. */
  readonly onRows: (done: number) => void;
}

/** @throws {AppError} with what must be changed @throws {CancelledError} if `signal` is aborted */
export async function prepareRun(run: Run, { surroundings, folder, signal, onWait, onRows }: PrepareOptions): Promise<TrainingRequest> {
  const { store, cacheDir } = surroundings;
  const { versionId, splitId, modelId, settings } = run;
  await mkdir(folder, { recursive: true });
  await waitForEarlierProcess(folder, { signal, onWait });
  const model = modelId === null ? null : getModel(store, modelId);
  if (!model) throw new StorageError('The model of this run is no longer known. Choose it again and start a new run.', { file: folder });
  if (versionId === null)
    throw new StoreError('The rows of this run were deleted. Start a new run on other rows.', { reason: 'not-found' });
  const files = await writeRows(store, { versionId, splitId }, { folder, signal, onProgress: onRows });
  const modelDir = fromStoredPath(store.folder, model.path);
  const { config } = await checkModel(modelDir);
  const resume = existsSync(join(folder, 'run.json'));
  // A split says what is held out, even if that is nothing.
  const held = splitId === null || files.evalDataFile !== null ? {} : { eval_ratio: 0 };
  return {
    modelDir,
    ...files,
    outDir: folder,
    settings: { ...settings, ...held, method: run.method },
    adapterInitDir: adapterDirOf(store, run),
    resume,
    cacheDir,
    memoryBudgetBytes: null,
    badRows: 'skip',
    probePromptsFile: await writeProbes(store, { versionId, splitId }, { folder, model: config }),
    engine: engineOf(resume ? surroundings.engineChoice() : run.engine),
  };
}

/**
 * A new run computes on what was chosen when it was put into the queue. One that is resumed goes on with the engine that it was begun with, unless
 * the person names another one now.
 * @returns null for the fastest that was tested, or for what the run was begun with
 */
function engineOf(choice: string): TrainingRequest['engine'] {
  const known = EngineChoice.safeParse(choice).data ?? 'auto';
  return known === 'auto' ? null : known;
}
