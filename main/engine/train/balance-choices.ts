/** @file What a person can do about unequal numbers of desirable and undesirable examples, each with its effect in a sentence. */
import type { LabelCounts } from './weight-balance.ts';

/** λ_D n_D / (λ_U n_U) should lie in it; with 1.33 for 4/3, as TRL has it, so that TRL is content too. */
export const GOOD_RATIO: readonly [number, number] = [1, 1.33];

/** From here on a raised weight would make single rare examples outweigh a whole batch, so lowering the other is advised. */
const STEEP = 10;

export interface BalanceChoice {
  readonly kind: 'leave' | 'raise-weight' | 'lower-weight' | 'subsample';
  readonly desirableWeight: number;
  readonly undesirableWeight: number;
  /** Examples that are trained on. */
  readonly counts: LabelCounts;
  /** λ_D n_D / (λ_U n_U) that results; null without undesirable examples. */
  readonly ratio: number | null;
  readonly isAdvised: boolean;
  readonly sentence: string;
}

export interface BalanceAdvice {
  readonly counts: LabelCounts;
  /** n_D / n_U; null without undesirable examples. */
  readonly ratio: number | null;
  /** Within [1, 4/3] as they are. */
  readonly isBalanced: boolean;
  readonly choices: readonly BalanceChoice[];
}

/** One weight stays 1 in every choice. Where the counts are balanced, or a label is missing, leaving them is all there is to do. */
export function balanceChoices(counts: LabelCounts): BalanceAdvice {
  const { desirable, undesirable } = counts;
  const ratio = undesirable === 0 ? null : desirable / undesirable;
  const isBalanced = desirable > 0 && ratio !== null && isGood(ratio);
  if (isBalanced || desirable === 0 || ratio === null) {
    return { counts, ratio, isBalanced, choices: [leave(counts, { ratio, isAdvised: isBalanced })] };
  }
  const isSteep = Math.max(ratio, 1 / ratio) > STEEP;
  const choices = [raise(counts, !isSteep), lower(counts, isSteep), subsample(counts), leave(counts, { ratio, isAdvised: false })];
  return { counts, ratio, isBalanced, choices };
}

function isGood(ratio: number): boolean {
  return ratio >= GOOD_RATIO[0] && ratio <= GOOD_RATIO[1];
}

function leave(counts: LabelCounts, { ratio, isAdvised }: { readonly ratio: number | null; readonly isAdvised: boolean }): BalanceChoice {
  return {
    kind: 'leave',
    desirableWeight: 1,
    undesirableWeight: 1,
    counts,
    ratio,
    isAdvised,
    sentence: leaveSentence(counts, isAdvised),
  };
}

function leaveSentence({ desirable, undesirable }: LabelCounts, isBalanced: boolean): string {
  if (desirable + undesirable === 0) return 'There are no examples yet.';
  if (desirable === 0 || undesirable === 0) {
    const [all, missing] = desirable === 0 ? ['undesirable', 'desirable'] : ['desirable', 'undesirable'];
    return `All examples are ${all}, and no weight makes up for that; add some ${missing} ones.`;
  }
  if (isBalanced) return 'Both labels weigh about the same as they are; nothing needs to change.';
  const [common, rare] = desirable > undesirable ? ['desirable', 'undesirable'] : ['undesirable', 'desirable'];
  return `The ${common} examples outweigh the ${rare} ones, so the model learns mostly from the ${common} ones.`;
}

function raise(counts: LabelCounts, isAdvised: boolean): BalanceChoice {
  const rare = rarer(counts);
  const weight = roundestIn(weightRange(counts, rare));
  const sentence = `Every ${rare} example counts ${weight} times as much, and all rows are used; each of them also pulls ${weight} times as hard.`;
  return weighted(counts, { kind: 'raise-weight', label: rare, weight, isAdvised, sentence });
}

function lower(counts: LabelCounts, isAdvised: boolean): BalanceChoice {
  const common = rarer(counts) === 'desirable' ? 'undesirable' : 'desirable';
  const weight = roundestIn(weightRange(counts, common));
  const sentence = `Every ${common} example counts ${weight} times as much, and all rows are used; the steps become smaller as a whole.`;
  return weighted(counts, { kind: 'lower-weight', label: common, weight, isAdvised, sentence });
}

function subsample(counts: LabelCounts): BalanceChoice {
  const { desirable, undesirable } = counts;
  const isMoreDesirable = rarer(counts) === 'undesirable';
  const kept = isMoreDesirable
    ? { desirable: Math.floor(undesirable * GOOD_RATIO[1]), undesirable }
    : { desirable, undesirable: desirable };
  const left = desirable + undesirable - kept.desirable - kept.undesirable;
  return {
    kind: 'subsample',
    desirableWeight: 1,
    undesirableWeight: 1,
    counts: kept,
    ratio: kept.desirable / kept.undesirable,
    isAdvised: false,
    sentence: `${left} ${isMoreDesirable ? 'desirable' : 'undesirable'} examples are left out at random, so training is shorter and sees less.`,
  };
}

function rarer({ desirable, undesirable }: LabelCounts): keyof LabelCounts {
  return desirable < undesirable ? 'desirable' : 'undesirable';
}

/** Good weights of one label while the other's is 1. */
function weightRange({ desirable, undesirable }: LabelCounts, label: keyof LabelCounts): readonly [number, number] {
  if (label === 'desirable') return [(GOOD_RATIO[0] * undesirable) / desirable, (GOOD_RATIO[1] * undesirable) / desirable];
  return [desirable / undesirable / GOOD_RATIO[1], desirable / undesirable / GOOD_RATIO[0]];
}

/** The number with fewest digits in a range; of several the one nearest to the middle. */
function roundestIn([low, high]: readonly [number, number]): number {
  const middle = (low + high) / 2;
  for (let digits = 1; digits < 15; digits++) {
    const value = Number(middle.toPrecision(digits));
    if (value >= low && value <= high) return value;
  }
  return middle;
}

function weighted(
  counts: LabelCounts,
  {
    label,
    weight,
    ...choice
  }: Pick<BalanceChoice, 'kind' | 'isAdvised' | 'sentence'> & { readonly label: keyof LabelCounts; readonly weight: number },
): BalanceChoice {
  const desirableWeight = label === 'desirable' ? weight : 1;
  const undesirableWeight = label === 'undesirable' ? weight : 1;
  const ratio = (desirableWeight * counts.desirable) / (undesirableWeight * counts.undesirable);
  return { ...choice, desirableWeight, undesirableWeight, counts, ratio };
}
