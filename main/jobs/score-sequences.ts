/** @file Log-probabilities of completions given as tokens, under a model with or without an adapter: what exports and comparisons measure. */
import { CancelledError } from '#contract/errors.ts';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { chunkRows } from '#engine/train/chunk-rows.ts';
import { headGroupsFor } from '#engine/train/memory-plan.ts';
import { collectRows, emptyRowSums } from '#engine/train/micro-batch.ts';
import { exampleGroup } from '#engine/train/row-groups.ts';
import { longestRow } from '#engine/train/row-lengths.ts';
import { RowPass } from '#engine/train/row-pass.ts';
import { adapterFromFolder } from './initial-adapter.ts';
import { openModel } from './open-model.ts';

const CHUNK_TOKENS = 512;

export interface ScoredModel {
  readonly modelDir: string;
  /** PEFT folder; null for the model by itself. */
  readonly adapterDir: string | null;
  readonly cacheDir: string;
  readonly signal: AbortSignal;
}

export interface PromptAndCompletion {
  readonly promptIds: Int32Array;
  readonly completionIds: Int32Array;
}

/**
 * @param sequences - of at least two tokens each
 * @param onProgress - told how many are done
 * @returns log-probability of each sequence's tokens after the first, nats, summed
 * @throws {AppError} with one sentence for the person
 */
export function scoreSequences(
  model: ScoredModel,
  sequences: readonly Int32Array[],
  onProgress?: (done: number) => void,
): Promise<number[]> {
  const rows = sequences.map((ids) => ({ promptIds: ids.subarray(0, 1), completionIds: ids.subarray(1) }));
  return scoreCompletions(model, rows, onProgress);
}

/**
 * @param onProgress - told how many rows are done
 * @returns log-probability of each completion, nats, summed over its tokens
 * @throws {AppError} with one sentence for the person
 */
export async function scoreCompletions(
  { modelDir, adapterDir, cacheDir, signal }: ScoredModel,
  rows: readonly PromptAndCompletion[],
  onProgress?: (done: number) => void,
): Promise<number[]> {
  const model = await openModel(modelDir, { cacheDir, signal });
  const adapter = adapterDir === null ? null : await adapterFromFolder(adapterDir, model);
  const pass = await RowPass.compile(onnxRuntimeBackend(), model.weights, {
    config: model.config,
    modules: adapter?.modules ?? [],
    partner: false,
    measures: false,
    memory: { headGroups: headGroupsFor(model.config.vocabSize, CHUNK_TOKENS), recompute: false },
    objective: { kind: 'none' },
  });
  try {
    const groups = rows.map((row, index) => exampleGroup(row, null, index, null));
    const sums = emptyRowSums(rows.length);
    let done = 0;
    for (const chunk of chunkRows(groups, CHUNK_TOKENS)) {
      if (signal.aborted) throw new CancelledError('Scoring was stopped.');
      collectRows(sums, chunk, await pass.run(chunk, { parameters: adapter?.parameters ?? new Map(), longestRow: longestRow(groups) }));
      done += chunk.rows.length;
      onProgress?.(done);
    }
    return [...sums.logps];
  } finally {
    await pass.release();
  }
}
