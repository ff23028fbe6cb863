/**
 * @file Log-probabilities under the reference model, once, before training. Rows are packed exactly as training packs them: an adapter that changes
 * nothing then gives log-ratios of exactly zero, not of some float32 noise that would count as a win or a loss.
 */
import { CancelledError } from '#contract/errors.ts';
import type { RowGroup } from './chunk-rows.ts';
import { ChunkSize } from './chunk-size.ts';
import { CompiledPasses } from './compiled-passes.ts';
import { collectRows, emptyRowSums } from './micro-batch.ts';
import type { MethodOptions } from './method.ts';
import { completionsOf } from './row-groups.ts';
import { RowPass } from './row-pass.ts';

/** Token ids as they are computed, after truncation. */
export interface Completion {
  readonly prompt: Int32Array;
  readonly completion: Int32Array;
}

/** Log-probabilities (nats) from earlier runs under the same reference model. */
export interface KnownLogProbs {
  get(completion: Completion): number | undefined;
  /** Keeps a value, unless there is one already. */
  add(completion: Completion, logp: number): void;
}

/** A micro-batch of training or evaluation. */
export interface ReferenceBatch {
  readonly groups: readonly RowGroup[];
  readonly rowCount: number;
  readonly longestRow: number;
}

/** By row of the batch. */
export interface ReferenceSums {
  readonly logps: Float64Array;
  /** Zeros where there are no partners. */
  readonly partnerLogps: Float64Array;
}

/**
 * A batch of which everything is known is not computed.
 * @param onBatch - called after each batch
 * @throws {CancelledError} between chunks
 */
export async function scoreReferences(
  options: MethodOptions,
  {
    batches,
    partners,
    onBatch,
  }: { batches: readonly ReferenceBatch[]; partners: boolean; onBatch: (index: number, sums: ReferenceSums) => void },
): Promise<void> {
  const { knownReferences: known } = options;
  const passes = new CompiledPasses<'reference'>(() => compileReference(options, partners));
  const chunks = options.chunks ?? new ChunkSize(options.memory.chunkTokens);
  try {
    for (const [index, batch] of batches.entries()) {
      let sums = known && lookUp(known, batch);
      if (!sums) {
        const rowsTogether = Math.max(...batch.groups.map(({ rows }) => rows.length));
        const free = () => passes.release();
        sums = await chunks.fit(async () => computeBatch(options, { pass: await passes.get('reference'), chunks, batch }), {
          rowsTogether,
          free,
        });
        if (known) sums = remember(known, batch, sums);
      }
      onBatch(index, sums);
    }
  } finally {
    await passes.release();
  }
}

/** The first value of a completion counts, also where it occurs again: a later run that looks everything up then sees the same bits. */
function remember(known: KnownLogProbs, batch: ReferenceBatch, computed: ReferenceSums): ReferenceSums {
  forEachCompletion(batch, (completion, row, of) => known.add(completion, computed[of][row] as number));
  return lookUp(known, batch) ?? computed;
}

function compileReference(
  { backend, weights, config, modules, memory, referenceParameters }: MethodOptions,
  partner: boolean,
): Promise<RowPass> {
  const adapted = referenceParameters === null ? [] : modules;
  return RowPass.compile(backend, weights, { config, modules: adapted, memory, partner, measures: false, objective: { kind: 'none' } });
}

interface BatchPass {
  readonly pass: RowPass;
  readonly chunks: ChunkSize;
  readonly batch: ReferenceBatch;
}

async function computeBatch({ referenceParameters, signal }: MethodOptions, { pass, chunks, batch }: BatchPass): Promise<ReferenceSums> {
  const sums = emptyRowSums(batch.rowCount);
  for (const chunk of chunks.cut(batch.groups)) {
    if (signal?.aborted) throw new CancelledError('Stopped while reference log-probabilities were being computed.');
    collectRows(sums, chunk, await pass.run(chunk, { parameters: referenceParameters ?? new Map(), longestRow: batch.longestRow }));
  }
  return sums;
}

/** @returns null unless every completion of the batch is known */
function lookUp(known: KnownLogProbs, batch: ReferenceBatch): ReferenceSums | null {
  const sums = { logps: new Float64Array(batch.rowCount), partnerLogps: new Float64Array(batch.rowCount) };
  let complete = true;
  forEachCompletion(batch, (completion, row, of) => {
    const logp = known.get(completion);
    if (logp === undefined) complete = false;
    else sums[of][row] = logp;
  });
  return complete ? sums : null;
}

function forEachCompletion(
  { groups }: ReferenceBatch,
  visit: (completion: Completion, row: number, of: keyof ReferenceSums) => void,
): void {
  for (const group of groups) {
    for (const { prompt, completion, row, stream } of completionsOf(group)) {
      visit({ prompt, completion }, row, stream === 'policy' ? 'logps' : 'partnerLogps');
    }
  }
}
