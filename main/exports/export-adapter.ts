/** @file Exports an adapter as a PEFT folder with a model card, and loads it again. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OutputBusyError } from '#contract/errors.ts';
import { readAdapterFolder, writeAdapterFolder } from '#io/adapter-folder.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { checkModel } from '#jobs/open-model.ts';
import { portableModelName } from './portable-model-name.ts';
import { CURVES_FILE, runCard, runCurves } from './run-card.ts';
import type { ExportOptions, Exported } from './export-request.ts';
import { verificationText } from './verification.ts';
import { verifyByEngine } from './verify-by-engine.ts';

/** @throws {OutputBusyError} if the folder holds something @throws {AppError} with one sentence for the person */
export async function exportAdapter(options: ExportOptions): Promise<Exported> {
  const { source, outDir, signal, onProgress } = options;
  await refuseFull(outDir);
  const { folder } = await checkModel(source.modelDir);
  onProgress?.({ label: 'Writing the adapter', done: 0, total: null, unit: 'bytes' });
  const { ignoredKeys: _, ...adapter } = await readAdapterFolder(source.adapterDir);
  const baseModel = portableModelName(folder);
  await writeAdapterFolder(outDir, { ...adapter, config: { ...adapter.config, baseModelNameOrPath: baseModel } }, { signal });
  const curves = await runCurves(source);
  if (curves !== null) await writeFileAtomically(join(outDir, CURVES_FILE), curves);
  const verification = await verifyByEngine({ exported: { modelDir: source.modelDir, adapterDir: outDir }, dtype: 'F32' }, options);
  const card = runCard(source, { kind: 'adapter', title: basename(outDir), baseModel, verification: verificationText(verification) });
  await writeFileAtomically(join(outDir, 'README.md'), card);
  return { dir: outDir, files: (await readdir(outDir)).sort(), verification, notes: [], companion: null };
}

/** An export never writes over something else. A folder that is not there is made later. */
export async function refuseFull(outDir: string): Promise<void> {
  const names = await readdir(outDir).catch(() => []);
  if (names.length > 0) throw new OutputBusyError(`${outDir} is not an empty folder. Choose another one, or empty it.`, { folder: outDir });
}
