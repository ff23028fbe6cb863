/** @file What a completed run leaves: an adapter that the rest of the program can use. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hashFile } from '#io/hash-file.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import { saveAdapter } from '#store/adapters.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { recordProgress, setRunStatus, type Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import { filesIn } from './keep-events.ts';
import { rowFilesIn } from './write-rows.ts';

const ADAPTER_FILES = ['adapter_config.json', 'adapter_model.safetensors'] as const;
const AdapterConfig = z.object({ r: z.int(), lora_alpha: z.number(), target_modules: z.union([z.string(), z.array(z.string())]) });

/**
 * Puts the adapter into the store and marks the run as completed, in one.
 * @param steps - of the whole run
 * @throws {StorageError | FormatError} if the adapter is not there or can't be read
 */
export async function finishRun(store: Store, run: Run, steps: number): Promise<void> {
  const folder = fromStoredPath(store.folder, run.folder);
  const [configFile, weightsFile] = ADAPTER_FILES.map((name) => join(folder, name)) as [string, string];
  const { r, lora_alpha: alpha, target_modules: modules } = AdapterConfig.parse(await readJsonFile(configFile));
  const sha256 = await hashFile(weightsFile);
  store.writeDurably(() => {
    recordProgress(store, { runId: run.id, lastStep: steps, totalSteps: steps });
    saveAdapter(store, {
      projectId: run.projectId,
      runId: run.id,
      modelId: run.modelId,
      name: run.name,
      path: run.folder,
      sha256,
      facts: { method: run.method, r, lora_alpha: alpha, target_modules: modules },
      files: filesIn(store, folder, ADAPTER_FILES).map((file) => (file.path.endsWith(ADAPTER_FILES[1]) ? { ...file, sha256 } : file)),
    });
    setRunStatus(store, run.id, 'completed');
  });
  // The dataset has them; a run that can't be resumed any more needs no copy.
  const { dataFile, evalDataFile } = rowFilesIn(folder, true);
  await Promise.all([dataFile, evalDataFile ?? dataFile].map((file) => rm(file, { force: true })));
}
