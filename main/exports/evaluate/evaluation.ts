/** @file What is measured of an adapter on held-out pairs: the same for every run, whatever loss it was trained with. */
import { distinctN } from '#engine/data/quality/distinct-n.ts';
import { jackknife, mean, share } from './estimate.ts';
import type { Estimate } from './estimate.ts';

/** Log-probabilities of one pair, nats, summed over the answer's tokens. */
export interface PairScores {
  readonly chosen: number;
  readonly rejected: number;
}

export interface PairResult {
  /** β · (log π/π_ref of chosen − that of rejected). */
  readonly margin: number;
  /** The implicit reward of chosen is the higher one; a tie is not. */
  readonly isRight: boolean;
}

export interface Answer {
  readonly prompt: string;
  readonly text: string;
  readonly tokens: number;
  /** log π(y|x) − log π_ref(y|x), nats: its mean over answers drawn from π estimates KL(π ‖ π_ref). */
  readonly logRatio: number;
}

export interface Evaluation {
  readonly pairs: readonly PairResult[];
  /** Share of pairs whose chosen answer has the higher implicit reward. */
  readonly accuracy: Estimate;
  readonly margin: Estimate;
  readonly rewardChosen: Estimate;
  readonly rewardRejected: Estimate;
  /** Mean of −log σ(margin): DPO's loss, for every run alike. */
  readonly evalLoss: Estimate;
  readonly answers: AnswerFigures | null;
}

export interface AnswerFigures {
  readonly answers: readonly Answer[];
  /** KL from the base model, nats an answer. */
  readonly kl: Estimate;
  readonly klPerToken: Estimate;
  readonly meanTokens: Estimate;
  /** Share of different words, and of different pairs of words, in all answers. */
  readonly distinct1: Estimate;
  readonly distinct2: Estimate;
}

/** @param reference - of the base model, in the same order */
export function evaluatePairs(
  policy: readonly PairScores[],
  reference: readonly PairScores[],
  { beta, answers }: { readonly beta: number; readonly answers: readonly Answer[] | null },
): Evaluation {
  const rewards = policy.map(({ chosen, rejected }, i) => ({
    chosen: beta * (chosen - (reference[i] as PairScores).chosen),
    rejected: beta * (rejected - (reference[i] as PairScores).rejected),
  }));
  const pairs = rewards.map(({ chosen, rejected }) => ({ margin: chosen - rejected, isRight: chosen > rejected }));
  return {
    pairs,
    accuracy: share(pairs.filter(({ isRight }) => isRight).length, pairs.length),
    margin: mean(pairs.map(({ margin }) => margin)),
    rewardChosen: mean(rewards.map(({ chosen }) => chosen)),
    rewardRejected: mean(rewards.map(({ rejected }) => rejected)),
    evalLoss: mean(pairs.map(({ margin }) => softplus(-margin))),
    answers: answers && describeAnswers(answers),
  };
}

export function describeAnswers(answers: readonly Answer[]): AnswerFigures {
  const figure = (compute: (some: readonly Answer[]) => number): Estimate =>
    jackknife(compute(answers), answers.length, (left) => compute(answers.toSpliced(left, 1)));
  return {
    answers,
    kl: mean(answers.map(({ logRatio }) => logRatio)),
    klPerToken: figure(
      (some) =>
        total(some, ({ logRatio }) => logRatio) /
        Math.max(
          1,
          total(some, ({ tokens }) => tokens),
        ),
    ),
    meanTokens: mean(answers.map(({ tokens }) => tokens)),
    distinct1: figure((some) => distinct(some, 1)),
    distinct2: figure((some) => distinct(some, 2)),
  };
}

function total(answers: readonly Answer[], of: (answer: Answer) => number): number {
  return answers.reduce((sum, answer) => sum + of(answer), 0);
}

function distinct(answers: readonly Answer[], order: number): number {
  const [count] = distinctN(
    answers.map(({ text }) => text),
    [order],
  );
  return count?.ratio ?? 0;
}

/** log(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
