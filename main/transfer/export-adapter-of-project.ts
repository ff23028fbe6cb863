/** @file Exports an adapter of a project: in a process of its own, into a folder that appears when it is whole. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MadeExport } from '#contract/exports.ts';
import type { ExportProgress } from '#exports/export-request.ts';
import { nextSteps } from '#exports/next-steps.ts';
import { portableModelName } from '#exports/portable-model-name.ts';
import { askInquiry, type SpawnInquiry } from '#inquiries/ask-inquiry.ts';
import type { ExportRequest } from '#inquiries/inquiry-messages.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { keepExport } from '#projects/export-history.ts';
import { writeRows } from '#runs/write-rows.ts';
import { getVersion } from '#store/datasets.ts';
import type { Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import { openExportSource } from './export-sources.ts';
import { placeExport } from './place-export.ts';
import { refuseImpossible, type WantedExport } from './plan-export.ts';

export interface ExportSurroundings {
  readonly store: Store;
  readonly cacheDir: string;
  readonly spawnInquiry: SpawnInquiry;
  readonly platform: NodeJS.Platform;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExportProgress) => void;
}

/**
 * @throws {CancelledError} if `signal` is aborted; nothing is left then, as after any other failure
 * @throws {AppError} with one sentence for the person
 */
export async function exportAdapterOfProject(
  wanted: WantedExport & { readonly parent: string },
  around: ExportSurroundings,
): Promise<MadeExport> {
  const { store, cacheDir, spawnInquiry, platform, signal, onProgress } = around;
  const { projectId, form, dtype } = wanted;
  const { adapter, adapterDir, modelDir, run } = await openExportSource(store, projectId, wanted.adapterId);
  await refuseImpossible(store, wanted);
  const baseModel = portableModelName(await openModelFolder(modelDir));
  const { folder, result } = await placeExport(wanted, (outDir) =>
    withRows(form === 'trl-job' ? run : null, around, (rows) => {
      const request: ExportRequest = { adapterDir, modelDir, form, dtype, outDir, cacheDir, rows };
      return askInquiry(
        spawnInquiry,
        { kind: 'export', request },
        {
          signal,
          onProgress: ({ label, unit, ...counts }) => onProgress({ label: label ?? '', unit: unit ?? 'bytes', ...counts }),
        },
      );
    }),
  );
  const { files, check, notes, companion } = result;
  const made: MadeExport = {
    id: randomUUID(),
    sourceName: adapter.name,
    form,
    dtype: form === 'gguf' || form === 'gguf-lora' ? dtype : null,
    folder,
    files: await Promise.all(files.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size }))),
    check,
    notes: [...notes],
    nextSteps: nextSteps({ form, folder, files, baseModel, companion, platform }),
    madeAt: store.now(),
  };
  keepExport(store, projectId, made);
  return made;
}

/** A finished run has no copy of its rows; its dataset has them, unchanged. */
async function withRows<T>(
  run: Run | null,
  { store, signal, onProgress }: ExportSurroundings,
  work: (rows: ExportRequest['rows']) => Promise<T>,
): Promise<T> {
  if (run === null || run.versionId === null || !getVersion(store, run.versionId)) return work(null);
  const folder = await mkdtemp(join(tmpdir(), 'prospect-rows-'));
  try {
    onProgress({ label: 'Writing the rows', done: 0, total: null, unit: 'bytes' });
    const source = { versionId: run.versionId, splitId: run.splitId };
    const { dataFile, evalDataFile } = await writeRows(store, source, { folder, signal, onProgress: () => undefined });
    return await work({ train: dataFile, evaluation: evalDataFile });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
