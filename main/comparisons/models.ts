/** @file The models of a comparison: the base model, then each run's, each with the hash its results are kept under. */
import type { OpenComparison } from './open-comparison.ts';
import { adapterKey, hashOf, modelKey } from './fingerprint.ts';

export interface ComparedModel {
  /** Null: the base model. */
  readonly runId: number | null;
  /** As a sentence names it. */
  readonly name: string;
  readonly modelDir: string;
  readonly adapterDir: string | null;
  /** Null while the weights have never been read. */
  readonly key: string | null;
}

/** The base model first. Empty where no run can be measured. @throws {FormatError | StorageError} if files are not there */
export async function comparedModels({ runs, modelDir }: OpenComparison, cacheDir: string): Promise<ComparedModel[]> {
  if (modelDir === null || runs.length === 0) return [];
  const base = await modelKey(modelDir, cacheDir);
  const adapted = runs.map(async ({ runId, name, adapterDir }): Promise<ComparedModel> => ({
    runId,
    name,
    modelDir,
    adapterDir,
    key: base === null ? null : hashOf([base, await adapterKey(adapterDir)]),
  }));
  return [{ runId: null, name: 'the base model', modelDir, adapterDir: null, key: base }, ...(await Promise.all(adapted))];
}
