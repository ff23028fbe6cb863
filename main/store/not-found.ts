/** @file What is said when something asked for by its id is not in the store. */
import { StoreError } from '#contract/errors.ts';

/** @param what - one word, as the person knows it: "project" */
export function notFound(what: string, id: number): StoreError {
  return new StoreError(`There is no ${what} ${id} in the store (any more).`, { reason: 'not-found' });
}
