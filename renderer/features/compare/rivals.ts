/** @file Two whose answers are voted on. */
import { compareWords } from '#renderer/words/compare.ts';
import type { ChosenRun } from './run-colour.tsx';

export interface Rivals {
  readonly firstId: number;
  /** Null: the base model. */
  readonly secondId: number | null;
  readonly names: readonly [string, string];
  /** Among the chosen runs; null for the base model. */
  readonly places: readonly [number, number | null];
}

export function rivalsKey({ firstId, secondId }: Rivals): string {
  return `${firstId} ${secondId ?? ''}`;
}

/** Runs against each other first, then each against the base model. @param runIds - of the chosen runs that have answered */
export function rivalsOf(chosen: readonly ChosenRun[], runIds: readonly number[]): Rivals[] {
  const runs = chosen.map((run, place) => ({ ...run, place })).filter(({ id }) => runIds.includes(id));
  const each = runs.flatMap((first, index) =>
    runs.slice(index + 1).map((second): Rivals => ({
      firstId: first.id,
      secondId: second.id,
      names: [first.name, second.name],
      places: [first.place, second.place],
    })),
  );
  const base = runs.map((run): Rivals => ({
    firstId: run.id,
    secondId: null,
    names: [run.name, compareWords.measured.base],
    places: [run.place, null],
  }));
  return [...each, ...base];
}
