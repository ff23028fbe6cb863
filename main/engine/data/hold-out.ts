/** @file Keeps a share of the rows apart for evaluation, by prompt: no prompt is on both sides, nor one that is nearly the same. */
import type { Row } from './row.ts';
import { EVALUATION } from './split/prompt-assignments.ts';
import { SplitPlanner } from './split/split-planner.ts';

export interface HoldOut<R> {
  readonly train: readonly R[];
  readonly evaluation: readonly R[];
}

/**
 * The choice depends on the seed and the prompts only, not on the order of rows; both sides keep their order.
 * @param ratio - share of the prompts, 0 … 0.5; rounded to whole prompts, of which at least one stays on each side where there are two
 */
export function holdOut<R extends Row>(rows: readonly R[], ratio: number, seed: number): HoldOut<R> {
  if (ratio === 0) return { train: rows, evaluation: [] };
  const planner = new SplitPlanner({ seed, evaluation: { ratio } });
  for (const row of rows) planner.add(row);
  const { sides } = planner.result();
  return {
    train: rows.filter((_, index) => sides[index] !== EVALUATION),
    evaluation: rows.filter((_, index) => sides[index] === EVALUATION),
  };
}
