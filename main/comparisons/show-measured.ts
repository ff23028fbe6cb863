/** @file What was measured, as figures beside each other and a verdict. */
import type { ComparedFigure, Measured, ShownEstimate } from '#contract/comparisons.ts';
import { judge, type ComparedRun } from '#exports/compare/comparison.ts';
import { answerRows, figureRows } from '#exports/compare/figure-rows.ts';
import type { Estimate } from '#exports/evaluate/estimate.ts';
import { describeAnswers, evaluatePairs, type Evaluation } from '#exports/evaluate/evaluation.ts';
import type { MeasuredModel } from './measure-models.ts';
import type { OpenComparison } from './open-comparison.ts';

/** Of the base model distance and rewards are zero by definition. */
const OF_BASE: ReadonlySet<string> = new Set(['answer_tokens', 'distinct_1', 'distinct_2']);

export interface EvaluatedRun {
  readonly runId: number;
  readonly name: string;
  /** Null if it, or the base model, was not measured yet. */
  readonly evaluation: Evaluation | null;
}

export function showMeasured(comparison: OpenComparison, measured: readonly MeasuredModel[]): Measured {
  const { runs, rows, settings } = comparison;
  const evaluated = evaluateRuns(measured, settings.beta);
  return {
    runIds: runs.map(({ runId }) => runId),
    pairCount: Math.min(rows.length, settings.mostPairs),
    answerCount: settings.answers,
    figures: figuresOf(measured, evaluated),
    verdict: verdictOf(evaluated, settings.seed),
    missing: measured.filter(({ measurement }) => measurement === null).length,
  };
}

/** In the order of the runs. */
export function evaluateRuns([base, ...runs]: readonly MeasuredModel[], beta: number): EvaluatedRun[] {
  return runs.map(({ model: { runId, name }, measurement }) => {
    const answers = measurement && measurement.answers.length > 0 ? measurement.answers : null;
    const evaluation =
      measurement && base?.measurement ? evaluatePairs(measurement.scores, base.measurement.scores, { beta, answers }) : null;
    return { runId: runId ?? 0, name, evaluation };
  });
}

export function showEstimate({ value, low, high }: Estimate): ShownEstimate {
  const finite = (number: number): number | null => (Number.isFinite(number) ? number : null);
  return { value: finite(value), low: finite(low), high: finite(high) };
}

function figuresOf([base]: readonly MeasuredModel[], runs: readonly EvaluatedRun[]): ComparedFigure[] {
  const columns = runs.map(({ evaluation }) => new Map((evaluation ? figureRows(evaluation) : []).map((figure) => [figure.key, figure])));
  const baseAnswers = base?.measurement?.answers ?? [];
  const ofBase = new Map(
    (baseAnswers.length > 0 ? answerRows(describeAnswers(baseAnswers)) : []).map(({ key, estimate }) => [key, estimate]),
  );
  const widest = columns.toSorted((a, b) => b.size - a.size)[0] ?? new Map<string, never>();
  return [...widest.values()].map(({ key, label }) => {
    const estimate = OF_BASE.has(key) ? ofBase.get(key) : undefined;
    const cells = columns.map((column) => column.get(key)).map((figure) => (figure ? showEstimate(figure.estimate) : null));
    return { key, label, base: estimate ? showEstimate(estimate) : null, runs: cells };
  });
}

function verdictOf(runs: readonly EvaluatedRun[], seed: number): Measured['verdict'] {
  const source: ComparedRun['source'] = { adapterDir: '', modelDir: '', run: null, metrics: [], rows: null };
  const judged = runs.flatMap(({ name, evaluation }): ComparedRun[] => (evaluation ? [{ name, source, evaluation }] : []));
  const verdict = judge(judged, seed);
  return verdict && { text: verdict.text, betterId: runs.find(({ name }) => name === verdict.better)?.runId ?? null };
}
