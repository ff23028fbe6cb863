/**
 * @file The prompts that a run answers before training and at every evaluation: always the same, so that a person sees what training changes.
 * They are the first different ones of the held-out rows, which training never sees; without a split, of all rows.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import type { StoredRow } from '#store/row-columns.ts';
import { iterateRows } from '#store/rows.ts';
import { getSplit, iterateSplitRows } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import type { RowSource } from './write-rows.ts';

/** Room in the model for an answer and what a template adds, in tokens. */
const ROOM_TOKENS = 192;
/** Smaller vocabularies have little more than single bytes. */
const WORD_VOCABULARY = 2000;
/** Each is answered again and again, which takes as long as some steps. */
const PROBES = 3;
/** All alike beyond it, then: not worth reading a million rows for. */
const MOST_ROWS = 1000;

export interface ProbesOptions {
  /** Of the run. */
  readonly folder: string;
  readonly model: Pick<ModelConfig, 'maxPositions' | 'vocabSize'>;
}

/**
 * A file that is there already is right: a run that goes on must be asked the same.
 * @returns null where rows hold no text to ask
 * @throws {StorageError}
 */
export async function writeProbes(store: Store, source: RowSource, { folder, model }: ProbesOptions): Promise<string | null> {
  const file = join(folder, 'probes.jsonl');
  if (existsSync(file)) return file;
  const prompts = probesOf(rowsOf(store, source), mostBytes(model));
  if (prompts.length === 0) return null;
  await writeFileAtomically(file, prompts.map((prompt) => `${JSON.stringify({ prompt })}\n`).join(''));
  return file;
}

function rowsOf(store: Store, { versionId, splitId }: RowSource): Iterable<StoredRow> {
  const split = splitId === null ? null : getSplit(store, splitId);
  return split && split.heldOutCount > 0 ? iterateSplitRows(store, split.id, 'held-out') : iterateRows(store, versionId);
}

function probesOf(rows: Iterable<StoredRow>, most: number): unknown[] {
  const found = new Map<string, unknown>();
  let seen = 0;
  for (const { form, prompt } of rows) {
    // A run never fails because of what it is asked: what might not fit is left out.
    if (form !== 'tokens' && Buffer.byteLength(prompt) <= most) {
      const value: unknown = form === 'text' ? prompt : JSON.parse(prompt);
      if (asksSomething(value)) found.set(prompt, value);
    }
    if (found.size >= PROBES || ++seen >= MOST_ROWS) break;
  }
  return [...found.values()];
}

/** A text that is not empty, or a conversation that is not all answers. */
function asksSomething(prompt: unknown): boolean {
  if (typeof prompt === 'string') return prompt.trim() !== '';
  return Array.isArray(prompt) && prompt.some((message: { readonly role?: unknown }) => message.role !== 'assistant');
}

/** A token is at least a byte, and of usual vocabularies at least two on average. */
function mostBytes({ maxPositions, vocabSize }: ProbesOptions['model']): number {
  return (maxPositions - ROOM_TOKENS) * (vocabSize < WORD_VOCABULARY ? 1 : 2);
}
