/** @file The rows that runs are measured on, and their prompts. */
import type { PairSource } from '#contract/comparisons.ts';
import { promptJson } from '#runs/row-json.ts';
import type { StoredRow } from '#store/row-columns.ts';
import { readRows } from '#store/rows.ts';
import { iterateSplitRows } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { hashOf } from './fingerprint.ts';

/** Whoever votes on more has a week to spare. */
const MOST_ROWS = 5000;

/** A prompt that is read by a person. */
export interface ReadPrompt {
  readonly row: StoredRow;
  /** Hash of what is asked. */
  readonly key: string;
}

/** The first ones, in their order. @throws {StoreError} `not-found` */
export function pairRows(store: Store, { versionId, splitId }: PairSource): StoredRow[] {
  if (splitId === null) return readRows(store, { versionId, from: 0, count: MOST_ROWS });
  const rows: StoredRow[] = [];
  for (const row of iterateSplitRows(store, splitId, 'held-out')) {
    rows.push(row);
    if (rows.length >= MOST_ROWS) break;
  }
  return rows;
}

/** Each once, in their order; token ids are nothing to read. */
export function distinctPrompts(rows: readonly StoredRow[]): ReadPrompt[] {
  const prompts = rows.filter(({ form }) => form !== 'tokens').map((row) => ({ row, key: hashOf(promptJson(row)) }));
  return [...new Map(prompts.toReversed().map((prompt) => [prompt.key, prompt])).values()].toReversed();
}
