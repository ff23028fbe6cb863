/** @file TRL's metrics of one KTO micro-batch. */
import { at, rowReward, type RowMeasures, tokenMean } from './row-measures.ts';

/**
 * A label that is absent from the micro-batch has no keys; `rewards/margins` needs both. NaN rows are left out of sums, not of counts.
 * `logits/*` and `entropy` are weighted by token, `rewards/*` and `logps/*` by row.
 * @param klEstimate - z0, clamped at 0, nats; 0 for apo_zero_unpaired
 * @see trl/trainer/kto_trainer.py `_compute_loss`
 */
export function ktoMetrics({
  labels,
  rows,
  klEstimate,
  beta,
}: {
  /** true for desirable; a value per row */
  readonly labels: readonly boolean[];
  readonly rows: RowMeasures;
  readonly klEstimate: number;
  readonly beta: number;
}): Record<string, number> {
  const all = labels.map((_, row) => row);
  const metrics: Record<string, number> = {
    kl: klEstimate,
    entropy: tokenMean(all, rows.sumEntropy, rows.completionTokens) ?? 0,
  };
  for (const [name, wanted] of [
    ['chosen', true],
    ['rejected', false],
  ] as const) {
    const members = all.filter((row) => labels[row] === wanted);
    const logits = tokenMean(members, rows.sumMeanLogits, rows.completionTokens);
    if (logits !== null) metrics[`logits/${name}`] = logits;
    if (members.length === 0) continue;
    metrics[`rewards/${name}`] = nanSum(members.map((row) => rowReward(rows, row, beta))) / members.length;
    metrics[`logps/${name}`] = nanSum(members.map((row) => at(rows.policyLogProbs, row))) / members.length;
  }
  const { 'rewards/chosen': chosen, 'rewards/rejected': rejected } = metrics;
  if (chosen !== undefined && rejected !== undefined) metrics['rewards/margins'] = chosen - rejected;
  return metrics;
}

function nanSum(values: readonly number[]): number {
  return values.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value), 0);
}
