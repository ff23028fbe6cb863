/** @file Two or more runs beside each other: what differs in their settings, their figures, and whether the difference means anything. */
import { mean, pairedDifference } from '#exports/evaluate/estimate.ts';
import type { Estimate } from '#exports/evaluate/estimate.ts';
import type { Evaluation } from '#exports/evaluate/evaluation.ts';
import type { RunSource } from '#exports/run-source.ts';

export interface ComparedRun {
  /** Short, and different from the others'. */
  readonly name: string;
  readonly source: RunSource;
  readonly evaluation: Evaluation;
}

export interface SettingRow {
  readonly name: string;
  /** By run; null where a run has no record. */
  readonly values: readonly (string | null)[];
  readonly differs: boolean;
}

export interface Verdict {
  readonly better: string | null;
  /** Of margins or right pairs of the first run over the second, pair by pair. */
  readonly accuracyDifference: Estimate;
  readonly marginDifference: Estimate;
  readonly text: string;
}

/** Settings of all runs, those that differ first. */
export function compareSettings(runs: readonly ComparedRun[]): SettingRow[] {
  return diffSettings(runs.map(({ source }) => source.run?.settings ?? null));
}

/** @param settings - of each run; null where they are not known */
export function diffSettings(settings: readonly (Readonly<Record<string, unknown>> | null)[]): SettingRow[] {
  const names = [...new Set(settings.flatMap((known) => Object.keys(known ?? {})))];
  const rows = names.map((name): SettingRow => {
    const values = settings.map((known) => (known === null ? null : shown(known[name])));
    return { name, values, differs: new Set(values).size > 1 };
  });
  return [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
}

/**
 * The two best runs by accuracy, pair by pair: each pair is hard or easy for both, so that the difference of two runs is known better than either figure.
 * @param seed - of the bootstrap
 */
export function judge(runs: readonly ComparedRun[], seed = 0): Verdict | null {
  const [first, second] = runs.toSorted(byAccuracy);
  if (!first || !second) return null;
  const pairs = first.evaluation.pairs;
  const isRightOfSecond = (i: number): boolean => second.evaluation.pairs[i]?.isRight === true;
  const accuracyDifference = pairedDifference({
    onlyFirst: pairs.filter(({ isRight }, i) => isRight && !isRightOfSecond(i)).length,
    onlySecond: pairs.filter(({ isRight }, i) => !isRight && isRightOfSecond(i)).length,
    count: pairs.length,
  });
  const marginDifference = mean(
    pairs.map(({ margin }, i) => margin - (second.evaluation.pairs[i]?.margin ?? NaN)),
    seed,
  );
  const better = accuracyDifference.low > 0 ? first.name : null;
  return {
    better,
    accuracyDifference,
    marginDifference,
    text: verdictText({ first, second, pairCount: pairs.length, accuracyDifference, marginDifference }),
  };
}

function byAccuracy(a: ComparedRun, b: ComparedRun): number {
  return b.evaluation.accuracy.value - a.evaluation.accuracy.value || b.evaluation.margin.value - a.evaluation.margin.value;
}

interface VerdictFacts extends Pick<Verdict, 'accuracyDifference' | 'marginDifference'> {
  readonly first: ComparedRun;
  readonly second: ComparedRun;
  readonly pairCount: number;
}

function verdictText({ first, second, pairCount, accuracyDifference, marginDifference }: VerdictFacts): string {
  const facts =
    `On ${pairCount} held-out pairs ${first.name} prefers the chosen answer in ${percentText(first.evaluation.accuracy)}, ` +
    `${second.name} in ${percentText(second.evaluation.accuracy)}.`;
  const interval = `${points(accuracyDifference.value)} points (95 % interval ${points(accuracyDifference.low)} to ${points(accuracyDifference.high)})`;
  if (accuracyDifference.low > 0) return `${facts} ${first.name} is better: the difference, ${interval}, is more than chance explains.`;
  const [wider, narrower] = marginDifference.value >= 0 ? [first, second] : [second, first];
  const isClear = marginDifference.low > 0 || marginDifference.high < 0;
  const margins = isClear
    ? ` ${wider.name} keeps the answers further apart than ${narrower.name} (rewards/margins ${wider.evaluation.margin.value.toFixed(3)} and ${narrower.evaluation.margin.value.toFixed(3)}), which by itself does not make it better.`
    : '';
  return `${facts} The difference, ${interval}, is within noise: these pairs can't tell the two apart. Use more pairs, or vote on answers.${margins}`;
}

export function percentText({ value, low, high }: Estimate): string {
  return `${(100 * value).toFixed(1)}\u00a0% (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
}

function points(value: number): string {
  return (100 * value).toFixed(1).replace('-', '−');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
