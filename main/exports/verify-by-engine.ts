/** @file Loads an exported adapter or model again, and compares its log-probabilities with the run's. */
import { scoreSequences } from '#jobs/score-sequences.ts';
import { checkSequences } from './check-texts.ts';
import type { ExportOptions } from './export-request.ts';
import { verify } from './verification.ts';
import type { StoredDtype, Verification } from './verification.ts';

export interface EngineCheck {
  /** What was exported; `adapterDir` null for a model with the adapter in it. */
  readonly exported: { readonly modelDir: string; readonly adapterDir: string | null };
  readonly dtype: StoredDtype;
}

export async function verifyByEngine(
  { exported, dtype }: EngineCheck,
  { source: { modelDir, adapterDir }, cacheDir, signal, onProgress }: ExportOptions,
): Promise<Verification> {
  const sequences = await checkSequences(modelDir);
  const score = (label: string, loaded: EngineCheck['exported']): Promise<number[]> => {
    const report = (done: number): void => onProgress?.({ label, done, total: sequences.length, unit: 'texts' });
    report(0);
    return scoreSequences({ ...loaded, cacheDir, signal }, sequences, report);
  };
  const expected = await score('Computing with what was trained', { modelDir, adapterDir });
  const got = await score('Loading the export again', exported);
  return verify({ loadedBy: 'Prospect', sequences, expected, got, dtype });
}
