/** @file Exports an adapter as a PEFT folder with a model card, and loads it again. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OutputBusyError } from '#contract/errors.ts';
import { readAdapterFolder, writeAdapterFolder } from '#io/adapter-folder.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { checkModel } from '#jobs/open-model.ts';
import { scoreSequences } from '#jobs/score-sequences.ts';
import { checkSequences } from './check-texts.ts';
import { portableModelName } from './portable-model-name.ts';
import { CURVES_FILE, runCard, runCurves } from './run-card.ts';
import type { ExportOptions, Exported } from './export-request.ts';
import { verificationText, verify } from './verification.ts';

/** @throws {OutputBusyError} if the folder holds something @throws {AppError} with one sentence for the person */
export async function exportAdapter({ source, outDir, cacheDir, signal }: ExportOptions): Promise<Exported> {
  await refuseFull(outDir);
  const { folder } = await checkModel(source.modelDir);
  const { ignoredKeys: _, ...adapter } = await readAdapterFolder(source.adapterDir);
  const baseModel = portableModelName(folder);
  await writeAdapterFolder(outDir, { ...adapter, config: { ...adapter.config, baseModelNameOrPath: baseModel } }, { signal });
  const curves = runCurves(source);
  if (curves !== null) await writeFileAtomically(join(outDir, CURVES_FILE), curves);
  const sequences = await checkSequences(source.modelDir);
  const scored = { modelDir: source.modelDir, cacheDir, signal };
  const expected = await scoreSequences({ ...scored, adapterDir: source.adapterDir }, sequences);
  const got = await scoreSequences({ ...scored, adapterDir: outDir }, sequences);
  const verification = verify({ loadedBy: 'Prospect', sequences, expected, got, dtype: 'F32' });
  const card = runCard(source, { kind: 'adapter', title: basename(outDir), baseModel, verification: verificationText(verification) });
  await writeFileAtomically(join(outDir, 'README.md'), card);
  return { dir: outDir, files: (await readdir(outDir)).sort(), verification, notes: [] };
}

/** An export never writes over something else. A folder that is not there is made later. */
export async function refuseFull(outDir: string): Promise<void> {
  const names = await readdir(outDir).catch(() => []);
  if (names.length > 0) throw new OutputBusyError(`${outDir} is not an empty folder. Choose another one, or empty it.`, { folder: outDir });
}
