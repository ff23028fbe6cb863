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
  return Number.isFinite(low) ? `${numberText(value)} (${numberText(low)}${low < 0 ? ' to ' : '–'}${numberText(high)})` : numberText(value);
}

/** Three digits behind the point; what would be rounded to nothing keeps two, and what is large needs no more than one behind the point. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const text = size > 0 && size < 0.01 ? String(Number(value.toPrecision(2))) : value.toFixed(size < 10 ? 3 : 1);
  return text.replace('-', '−').replace('e−', 'e-');
}

function figure(key: string, label: string, estimate: Estimate): Figure {
  return { key, label, estimate };
}
