/** @file Log-probabilities under the reference model, once, before training. */
import { CancelledError } from '#contract/errors.ts';
import { chunkRows } from './chunk-rows.ts';
import type { RowGroup } from './chunk-rows.ts';
import { collectRows, emptyRowSums } from './micro-batch.ts';
import type { RowSums } from './micro-batch.ts';
import type { MethodOptions } from './method.ts';
import { RowPass } from './row-pass.ts';

/** Rows to score together: everything that is independent of how they are grouped but for a row's own KL partner. */
export interface ReferenceBatch {
  readonly groups: readonly RowGroup[];
  readonly rowCount: number;
  readonly longestRow: number;
}

/**
 * @param onBatch - called after each batch with its rows' sums
 * @throws {CancelledError} between chunks
 */
export async function scoreReferences(
  { backend, weights, config, modules, memory, referenceParameters, signal }: MethodOptions,
  {
    batches,
    partners,
    onBatch,
  }: { batches: readonly ReferenceBatch[]; partners: boolean; onBatch: (index: number, rows: RowSums) => void },
): Promise<void> {
  const adapted = referenceParameters === null ? [] : modules;
  const pass = await RowPass.compile(backend, weights, {
    config,
    modules: adapted,
    memory,
    partner: partners,
    measures: false,
    objective: { kind: 'none' },
  });
  try {
    for (const [index, { groups, rowCount, longestRow }] of batches.entries()) {
      const rows = emptyRowSums(rowCount);
      for (const chunk of chunkRows(groups, memory.chunkTokens)) {
        if (signal?.aborted) throw new CancelledError('Stopped while reference log-probabilities were being computed.');
        collectRows(rows, chunk, await pass.run(chunk, { parameters: referenceParameters ?? new Map(), longestRow }));
      }
      onBatch(index, rows);
    }
  } finally {
    await pass.release();
  }
}
