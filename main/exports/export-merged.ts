/** @file Exports a model with the adapter merged into its weights, and loads it again. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { adapterDeltas } from '#engine/export/adapter-deltas.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { writeMergedModel } from '#io/merged-model.ts';
import type { ModelFolder } from '#io/model-folder.ts';
import { checkModel } from '#jobs/open-model.ts';
import type { ExportOptions, Exported } from './export-request.ts';
import { portableModelName } from './portable-model-name.ts';
import { CURVES_FILE, runCard, runCurves } from './run-card.ts';
import type { StoredDtype } from './verification.ts';
import { verificationText } from './verification.ts';
import { verifyByEngine } from './verify-by-engine.ts';

/** @throws {OutputBusyError} if the folder holds something @throws {AppError} with one sentence for the person */
export async function exportMerged(options: ExportOptions): Promise<Exported> {
  const { source, outDir, signal, onProgress } = options;
  const { folder, config } = await checkModel(source.modelDir);
  const deltas = adapterDeltas(await readAdapterFolder(source.adapterDir), linearModules(config));
  await writeMergedModel(folder, outDir, {
    deltas,
    signal,
    onProgress: ({ bytesDone, bytesTotal }) =>
      onProgress?.({ label: 'Merging the weights', done: bytesDone, total: bytesTotal, unit: 'bytes' }),
  });
  const curves = await runCurves(source);
  if (curves !== null) await writeFileAtomically(join(outDir, CURVES_FILE), curves);
  const dtype = coarsest(folder, [...deltas.keys()]);
  const verification = await verifyByEngine({ exported: { modelDir: outDir, adapterDir: null }, dtype }, options);
  const baseModel = portableModelName(folder);
  const card = runCard(source, { kind: 'merged', title: basename(outDir), baseModel, verification: verificationText(verification) });
  await writeFileAtomically(join(outDir, 'README.md'), card);
  return { dir: outDir, files: (await readdir(outDir)).sort(), verification, notes: [], companion: null };
}

/** Of the weights that were merged: each was rounded to its type again. */
function coarsest({ tensors }: ModelFolder, modules: readonly string[]): StoredDtype {
  const order = ['BF16', 'F16', 'F32'] as const;
  const dtypes = new Set(
    modules.map((module) => (tensors.get(`${module}.weight`) ?? tensors.get(`${module.replace(/^model\./, '')}.weight`))?.dtype),
  );
  return order.find((dtype) => dtypes.has(dtype)) ?? 'F64';
}
