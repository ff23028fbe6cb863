/** @file TRL's metrics of one DPO micro-batch. */
import { at, rowReward, type RowMeasures, tokenMean } from './row-measures.ts';

/** As RowMeasures, and how many completion tokens are the most likely one. */
export interface ChosenMeasures extends RowMeasures {
  readonly correctTokens: ArrayLike<number>;
}

/**
 * Rewards are β times the summed log-ratio for every loss type, also for those that train on means. A tie is not an accurate pair.
 * `entropy` covers chosen and rejected completions together, `mean_token_accuracy` the chosen ones.
 * @param chosen - a value per pair
 * @param rejected - the same pairs in the same order
 * @see trl/trainer/dpo_trainer.py `_compute_loss`
 */
export function dpoMetrics({
  chosen,
  rejected,
  beta,
}: {
  readonly chosen: ChosenMeasures;
  readonly rejected: RowMeasures;
  readonly beta: number;
}): Record<string, number> {
  const pairs = Array.from({ length: chosen.policyLogProbs.length }, (_, pair) => pair);
  const chosenRewards = pairs.map((pair) => rowReward(chosen, pair, beta));
  const rejectedRewards = pairs.map((pair) => rowReward(rejected, pair, beta));
  const margins = pairs.map((pair) => (chosenRewards[pair] ?? 0) - (rejectedRewards[pair] ?? 0));
  return {
    entropy: jointEntropy(pairs, chosen, rejected),
    'logits/chosen': tokenMean(pairs, chosen.sumMeanLogits, chosen.completionTokens) ?? 0,
    'logits/rejected': tokenMean(pairs, rejected.sumMeanLogits, rejected.completionTokens) ?? 0,
    mean_token_accuracy: tokenMean(pairs, chosen.correctTokens, chosen.completionTokens) ?? 0,
    'rewards/chosen': mean(chosenRewards),
    'rewards/rejected': mean(rejectedRewards),
    'rewards/accuracies': mean(margins.map((margin) => (margin > 0 ? 1 : 0))),
    'rewards/margins': mean(margins),
    'logps/chosen': mean(pairs.map((pair) => at(chosen.policyLogProbs, pair))),
    'logps/rejected': mean(pairs.map((pair) => at(rejected.policyLogProbs, pair))),
  };
}

function jointEntropy(pairs: readonly number[], chosen: RowMeasures, rejected: RowMeasures): number {
  const both = (pick: (rows: RowMeasures) => ArrayLike<number>) =>
    pairs.flatMap((pair) => [at(pick(chosen), pair), at(pick(rejected), pair)]);
  const tokens = both((rows) => rows.completionTokens);
  return (
    tokenMean(
      [...tokens.keys()],
      both((rows) => rows.sumEntropy),
      tokens,
    ) ?? 0
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
