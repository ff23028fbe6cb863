/** @file Measures the models of a comparison on its pairs, each in a process of its own, and keeps what was measured. */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import type { Measurement } from '#exports/evaluate/measure-adapter.ts';
import { askInquiry } from '#inquiries/ask-inquiry.ts';
import type { InquiryProgress } from '#inquiries/inquiry-messages.ts';
import { rowJson } from '#runs/row-json.ts';
import type { JsonValue } from '#store/json-column.ts';
import { getMeasurement, saveMeasurements } from '#store/measurements.ts';
import type { Store } from '#store/store.ts';
import { hashOf } from './fingerprint.ts';
import { writeLines } from './lines-file.ts';
import { comparedModels, type ComparedModel } from './models.ts';
import type { OpenComparison } from './open-comparison.ts';
import type { ComparisonSurroundings, ComparisonTask } from './surroundings.ts';

/** Raised when measuring changes: what was measured before it says something else. */
const WAY = 1;

const KeptMeasurement: z.ZodType<Measurement> = z.object({
  scores: z.array(z.object({ chosen: z.number(), rejected: z.number() })),
  answers: z.array(z.object({ prompt: z.string(), text: z.string(), tokens: z.number(), logRatio: z.number() })),
});

export interface MeasuredModel {
  readonly model: ComparedModel;
  /** Null if it was not measured yet in this way. */
  readonly measurement: Measurement | null;
}

/** What is known already: of the base model, then of each run. */
export async function readMeasured(
  { store, cacheDir }: Pick<ComparisonSurroundings, 'store' | 'cacheDir'>,
  comparison: OpenComparison,
): Promise<MeasuredModel[]> {
  const records = pairRecords(comparison);
  if (records.length === 0) return [];
  const models = await comparedModels(comparison, cacheDir);
  return models.map((model) => ({ model, measurement: recall(store, comparison, keyOf(comparison, records, model)) }));
}

/**
 * What is missing is measured, one model after the other; each is kept as soon as it is there.
 * @throws {CancelledError} if `task.signal` is aborted
 * @throws {AppError} with one sentence for the person
 */
export async function measureModels(around: ComparisonSurroundings, comparison: OpenComparison, task: ComparisonTask): Promise<void> {
  const missing = (await readMeasured(around, comparison)).filter(({ measurement }) => measurement === null);
  if (missing.length === 0) return;
  const records = pairRecords(comparison);
  const pairsFile = await writeLines(around.cacheDir, records);
  try {
    for (const { model } of missing) {
      // The first one has read the weights: what was measured before their files were touched is known again.
      if (recall(around.store, comparison, keyOf(comparison, records, await asKnown(around, comparison, model))) !== null) continue;
      const measurement = await measure(around, { comparison, model, pairsFile }, task);
      const key = keyOf(comparison, records, await asKnown(around, comparison, model));
      if (key !== null) keep(around.store, { projectId: comparison.projectId, key, runId: model.runId, measurement });
    }
  } finally {
    await rm(pairsFile, { force: true });
  }
}

/** With its key, which it has once the weights have been read. */
async function asKnown({ cacheDir }: ComparisonSurroundings, comparison: OpenComparison, model: ComparedModel): Promise<ComparedModel> {
  return (await comparedModels(comparison, cacheDir)).find(({ runId }) => runId === model.runId) ?? model;
}

interface MeasureWork {
  readonly comparison: OpenComparison;
  readonly model: ComparedModel;
  readonly pairsFile: string;
}

function measure(
  { spawnInquiry, cacheDir }: ComparisonSurroundings,
  { comparison: { settings }, model, pairsFile }: MeasureWork,
  task: ComparisonTask,
): Promise<Measurement> {
  const { maxLength, answers, maxNewTokens, seed } = settings;
  const request = { modelDir: model.modelDir, adapterDir: model.adapterDir, pairsFile, maxLength, answers, maxNewTokens, seed, cacheDir };
  let current: string | null = '';
  task.begin(`Loading ${model.name}`, 'pairs');
  const onProgress = ({ label, done, total }: InquiryProgress): void => {
    if (label !== current) {
      const isScoring = label === 'scoring';
      task.begin(isScoring ? `Scoring pairs with ${model.name}` : `Answering with ${model.name}`, isScoring ? 'pairs' : 'prompts');
    }
    current = label;
    task.progress(done, total);
  };
  return askInquiry(spawnInquiry, { kind: 'measure', request }, { signal: task.signal, onProgress });
}

/** The pairs that are scored, as the engine reads them. */
function pairRecords({ rows, settings }: OpenComparison): unknown[] {
  return rows.slice(0, settings.mostPairs).map(rowJson);
}

/** Everything a measurement follows from; β only says how it is read. */
function keyOf({ settings }: OpenComparison, records: readonly unknown[], { key }: ComparedModel): string | null {
  if (key === null) return null;
  const { maxLength, answers, maxNewTokens, seed } = settings;
  return hashOf(['measurement', WAY, key, records, { maxLength, answers, maxNewTokens, seed }]);
}

function recall(store: Store, { projectId }: OpenComparison, key: string | null): Measurement | null {
  const kept = key === null ? null : getMeasurement(store, projectId, key);
  const parsed = KeptMeasurement.safeParse(kept);
  return parsed.success ? parsed.data : null;
}

interface Kept {
  readonly projectId: number;
  readonly key: string;
  readonly runId: number | null;
  readonly measurement: Measurement;
}

function keep(store: Store, { measurement, ...place }: Kept): void {
  saveMeasurements(store, [{ ...place, value: measurement as unknown as JsonValue }]);
}
