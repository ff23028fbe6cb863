/** @file One question and its answer, and how lists of them are written down. */
import type { RandomSource } from '#starter/grammar/random-source.ts';

export interface Exchange {
  readonly question: string;
  readonly answer: string;
}

/** Makes one exchange of a kind; texts are finished (capitals, articles). */
export type ExchangeMaker = (random: RandomSource) => Exchange;

/** Splits the lines of a list into their columns: "a drum; boom" → ["a drum", "boom"]. */
export function columns(list: string): readonly (readonly string[])[] {
  return list
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(';').map((cell) => cell.trim()));
}
