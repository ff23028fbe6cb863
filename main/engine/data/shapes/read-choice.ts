/** @file Reads which of two answers is better: a word, a number, the votes of several people, or a ranking. */
import { describeValue, rowError } from '#engine/data/row-place.ts';
import type { RowPlace } from '#engine/data/row-place.ts';
import { collectVotes } from './collect-votes.ts';
import { createGetter } from './column-path.ts';
import type { Fields } from './column-path.ts';
import type { MappingOf } from './column-mapping.ts';
import { createLabelReader } from './read-label.ts';
import type { LeftOutReason } from './record-reading.ts';

type Choice = MappingOf<'choice'>['choice'];
/** `true` if the first answer is better. */
type ChoiceReader = (fields: Fields, place: RowPlace) => boolean | LeftOutReason;

/**
 * A choice is read like a label whose desirable values name the first answer. A ranking (`[{value, rank}, …]`, rank 1 is best)
 * names the answers by their columns.
 */
export function createChoiceReader(choice: Choice, columns: { readonly first: string; readonly second: string }): ChoiceReader {
  const get = createGetter(choice.column);
  const read = createLabelReader({
    column: choice.column,
    reading: { kind: 'values', desirable: choice.first, undesirable: choice.second, ignored: choice.ties },
    unrated: choice.unrated,
    several: choice.several,
  });
  const names = { first: [...choice.first, lastName(columns.first)], second: [...choice.second, lastName(columns.second)] };
  return (fields, place) => {
    const value = get(fields);
    const rankings = choice.several === 'majority' ? (collectVotes(fields, value, choice.column) ?? [value]) : [value];
    if (rankings.length > 0 && rankings.every(isRanking)) return compareRanks(rankings, names, choice.column, place);
    const verdict = read(fields, place);
    return verdict === 'ignored-value' || verdict === 'disagreement' ? 'tie' : verdict;
  };
}

interface Ranked {
  readonly value: unknown;
  readonly rank: unknown;
}

function isRanking(value: unknown): value is readonly Ranked[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object' && item !== null && 'rank' in item);
}

function compareRanks(
  rankings: readonly (readonly Ranked[])[],
  names: { readonly first: readonly string[]; readonly second: readonly string[] },
  column: string,
  place: RowPlace,
): boolean | LeftOutReason {
  const rankOf = (ranking: readonly Ranked[], answer: readonly string[]) => {
    const found = ranking.find((item) => typeof item.value === 'string' && answer.includes(item.value));
    if (typeof found?.rank === 'number') return found.rank;
    throw rowError(place, column, `has ${describeValue(ranking)} as \`${column}\` that does not rank ${answer.join(' or ')}`);
  };
  // Above zero: more people rank the first answer higher.
  const balance = rankings.reduce((sum, ranking) => sum + Math.sign(rankOf(ranking, names.second) - rankOf(ranking, names.first)), 0);
  return balance === 0 ? 'tie' : balance > 0;
}

function lastName(column: string): string {
  return column.slice(column.lastIndexOf('.') + 1);
}
