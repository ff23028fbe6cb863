/**
 * @file The votes of several people on one record, as Argilla exports them: `[{value, user_id}, …]` inside a record, or columns
 * `quality.responses` and `quality.responses.status` side by side.
 */
import type { Fields } from './column-path.ts';
import { isUnrated } from './normalise-label.ts';

/** Not submitted, so not meant to count. */
const NOT_CAST = new Set<unknown>(['draft', 'discarded', 'pending']);

/** The values of the votes that were cast; null if the cell is not a list of votes. */
export function collectVotes(fields: Fields, cell: unknown, column: string): readonly unknown[] | null {
  if (!Array.isArray(cell)) return null;
  const statuses = Object.hasOwn(fields, `${column}.status`) ? fields[`${column}.status`] : null;
  const votes: unknown[] = [];
  for (const [index, item] of cell.entries()) {
    const vote = isVote(item) ? item.value : item;
    const status: unknown = isVote(item) ? item.status : Array.isArray(statuses) ? statuses[index] : undefined;
    if (!NOT_CAST.has(status) && !isUnrated(vote)) votes.push(vote);
  }
  return votes;
}

/** True for `{value, …}`. */
export function isVote(item: unknown): item is { readonly value: unknown; readonly status?: unknown } {
  return typeof item === 'object' && item !== null && !Array.isArray(item) && Object.hasOwn(item, 'value');
}
