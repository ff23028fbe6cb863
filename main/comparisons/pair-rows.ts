/** @file The rows that runs are measured on, and their prompts. */
import type { PairSource } from '#contract/comparisons.ts';
import { promptJson } from '#runs/row-json.ts';
import type { StoredRow } from '#store/row-columns.ts';
import { readRows } from '#store/rows.ts';
import { iterateSplitRows } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { hashOf } from './fingerprint.ts';

/** Prompts that can be drawn: whoever votes on more has a week to spare. */
const DRAWN_ROWS = 1000;

/** A prompt that is read by a person. */
export interface ReadPrompt {
  readonly row: StoredRow;
  /** Hash of what is asked. */
  readonly key: string;
  /** What its answers' random numbers follow from beside the seed: whatever else is asked, it stays the same. */
  readonly place: number;
}

/** Of a person's own prompts; rows come before it. */
const FIRST_OWN_PLACE = 1_000_000;

/** The first ones, in their order. @param scored - as many at least, if there are so many @throws {StoreError} `not-found` */
export function pairRows(store: Store, { versionId, splitId }: PairSource, scored: number): StoredRow[] {
  const most = Math.max(scored, DRAWN_ROWS);
  if (splitId === null) return readRows(store, { versionId, from: 0, count: most });
  const rows: StoredRow[] = [];
  for (const row of iterateSplitRows(store, splitId, 'held-out')) {
    rows.push(row);
    if (rows.length >= most) break;
  }
  return rows;
}

/**
 * Each once: the person's own, in the form of the rows, then those of the rows in their order. Token ids are nothing to read.
 * @param own - texts
 */
export function promptsToRead(rows: readonly StoredRow[], own: readonly string[]): ReadPrompt[] {
  const [first] = rows;
  const written = first && first.form !== 'tokens' ? own.map((text) => asWritten(text, first)) : [];
  const prompts = [
    ...written.map((row, index) => ({ row, key: hashOf(promptJson(row)), place: FIRST_OWN_PLACE + index })),
    ...rows.filter(({ form }) => form !== 'tokens').map((row, place) => ({ row, key: hashOf(promptJson(row)), place })),
  ];
  return [...new Map(prompts.toReversed().map((prompt) => [prompt.key, prompt])).values()].toReversed();
}

/** As training asks it: as text, or as what a user says after the rows' system message. */
function asWritten(text: string, row: StoredRow): StoredRow {
  if (row.form === 'text') return { ...row, prompt: text, options: null };
  const messages = JSON.parse(row.prompt) as readonly { readonly role?: unknown }[];
  const system = messages.filter(({ role }) => role === 'system').slice(0, 1);
  return { ...row, prompt: JSON.stringify([...system, { role: 'user', content: text }]), options: null };
}
