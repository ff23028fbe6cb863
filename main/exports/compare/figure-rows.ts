/** @file The figures of an evaluation, one a row, under the names they have everywhere. */
import type { Estimate } from '#exports/evaluate/estimate.ts';
import type { AnswerFigures, Evaluation } from '#exports/evaluate/evaluation.ts';

export interface Figure {
  /** TRL's name where it has one. */
  readonly key: string;
  readonly label: string;
  readonly estimate: Estimate;
}

export function figureRows({ accuracy, margin, rewardChosen, rewardRejected, evalLoss, answers }: Evaluation): Figure[] {
  return [
    figure('rewards/accuracies', 'Chosen answer preferred', accuracy),
    figure('rewards/margins', 'Reward margin', margin),
    figure('rewards/chosen', 'Reward of chosen answers', rewardChosen),
    figure('rewards/rejected', 'Reward of rejected answers', rewardRejected),
    figure('eval_loss', "Loss on the pairs (DPO's, for every run)", evalLoss),
    ...(answers === null ? [] : answerRows(answers)),
  ];
}

export function answerRows({ kl, klPerToken, meanTokens, distinct1, distinct2 }: AnswerFigures): Figure[] {
  return [
    figure('kl', 'KL from the base model, nats an answer', kl),
    figure('kl_per_token', 'KL from the base model, nats a token', klPerToken),
    figure('answer_tokens', 'Length of answers, tokens', meanTokens),
    figure('distinct_1', 'Different words (distinct-1)', distinct1),
    figure('distinct_2', 'Different pairs of words (distinct-2)', distinct2),
  ];
}

/** `0.950 (0.835–0.986)` */
export function figureText({ estimate: { value, low, high } }: Figure): string {
  const text = (number: number): string => (Number.isFinite(number) ? number.toFixed(3).replace('-', '−') : '–');
  return Number.isFinite(low) ? `${text(value)} (${text(low)}${low < 0 ? ' to ' : '–'}${text(high)})` : text(value);
}

function figure(key: string, label: string, estimate: Estimate): Figure {
  return { key, label, estimate };
}
