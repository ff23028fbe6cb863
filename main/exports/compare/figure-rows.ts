/** @file The figures of an evaluation, one a row, under the names they have everywhere. */
import type { Estimate } from '#exports/evaluate/estimate.ts';
import type { Evaluation } from '#exports/evaluate/evaluation.ts';

export interface Figure {
  /** TRL's name where it has one. */
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly interval: Estimate | null;
}

export function figureRows({ accuracy, margin, rewardChosen, rewardRejected, evalLoss, answers }: Evaluation): Figure[] {
  const plain = (key: string, label: string, value: number): Figure => ({ key, label, value, interval: null });
  const estimated = (key: string, label: string, interval: Estimate): Figure => ({ key, label, value: interval.value, interval });
  return [
    estimated('rewards/accuracies', 'Chosen answer preferred', accuracy),
    estimated('rewards/margins', 'Reward margin', margin),
    plain('rewards/chosen', 'Reward of chosen answers', rewardChosen),
    plain('rewards/rejected', 'Reward of rejected answers', rewardRejected),
    plain('eval_loss', "Loss on the pairs (DPO's, for every run)", evalLoss),
    ...(answers === null
      ? []
      : [
          estimated('kl', 'KL from the base model, nats an answer', answers.kl),
          plain('kl_per_token', 'KL from the base model, nats a token', answers.klPerToken),
          estimated('answer_tokens', 'Length of answers, tokens', answers.meanTokens),
          plain('distinct_1', 'Different words (distinct-1)', answers.distinct1),
          plain('distinct_2', 'Different pairs of words (distinct-2)', answers.distinct2),
        ]),
  ];
}

/** `0.950 (0.835–0.986)` */
export function figureText({ value, interval }: Figure): string {
  const text = (number: number): string => (Number.isFinite(number) ? number.toFixed(3) : '–');
  return interval === null ? text(value) : `${text(value)} (${text(interval.low)}–${text(interval.high)})`;
}
