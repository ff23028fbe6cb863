/**
 * @file What a run is asked before training and at every evaluation: what a person wrote, or the first different prompts of the held-out rows, which
 * training never sees; without a split, of all rows.
 */
import { SettingsError } from '#contract/errors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import type { StoredRow } from '#store/row-columns.ts';
import { iterateRows } from '#store/rows.ts';
import { getSplit, iterateSplitRows } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import type { RowSource } from './write-rows.ts';

/** A text, or the messages of a conversation, as rows have them. */
export type ProbePrompt = string | readonly ProbeMessage[];

interface ProbeMessage {
  readonly role?: unknown;
  readonly content?: unknown;
}

export type ProbedModel = Pick<ModelConfig, 'maxPositions' | 'vocabSize'>;

/** Room in the model for an answer and what a template adds, in tokens. */
const ROOM_TOKENS = 192;
/** Smaller vocabularies have little more than single bytes. */
const WORD_VOCABULARY = 2000;
/** Each is answered again and again, which takes as long as some steps. */
const PROBES = 3;
/** All alike beyond it, then: not worth reading a million rows for. */
const MOST_ROWS = 1000;

/** @param model - null: whatever their length */
export function promptsOfRows(store: Store, source: RowSource, model: ProbedModel | null): ProbePrompt[] {
  const most = model === null ? Infinity : mostBytes(model);
  const found = new Map<string, ProbePrompt>();
  let seen = 0;
  for (const row of rowsOf(store, source)) {
    // A run never fails because of what it is asked: what might not fit is left out.
    const value = row.form !== 'tokens' && Buffer.byteLength(row.prompt) <= most ? promptOf(row) : null;
    if (value !== null && asksSomething(value)) found.set(row.prompt, value);
    if (found.size >= PROBES || ++seen >= MOST_ROWS) break;
  }
  return [...found.values()];
}

/**
 * What a person wrote, in the form of the rows: as text, or as what a user says after the rows' system message.
 * @throws {SettingsError} if one might not fit into the model beside an answer
 */
export function promptsAsWritten(
  store: Store,
  source: RowSource,
  { texts, model }: { readonly texts: readonly string[]; readonly model: ProbedModel },
): ProbePrompt[] {
  const most = mostBytes(model);
  for (const [index, text] of texts.entries()) {
    const bytes = Buffer.byteLength(text);
    if (bytes > most) {
      throw new SettingsError(
        `Probe prompt ${index + 1} has ${bytes} bytes, and at most ${Math.max(0, most)} fit into this model beside an answer. Shorten it.`,
        { field: 'probe_prompts' },
      );
    }
  }
  const [first] = rowsOf(store, source);
  if (first?.form !== 'chat') return [...texts];
  const system = (JSON.parse(first.prompt) as readonly ProbeMessage[]).filter(({ role }) => role === 'system').slice(0, 1);
  return texts.map((content) => [...system, { role: 'user', content }]);
}

/** As a person reads it: of a conversation, what was said last. */
export function promptText(prompt: ProbePrompt): string {
  if (typeof prompt === 'string') return prompt;
  const last = prompt.findLast(({ role, content }) => role !== 'assistant' && typeof content === 'string');
  return typeof last?.content === 'string' ? last.content : '';
}

function rowsOf(store: Store, { versionId, splitId }: RowSource): Iterable<StoredRow> {
  const split = splitId === null ? null : getSplit(store, splitId);
  return split && split.heldOutCount > 0 ? iterateSplitRows(store, split.id, 'held-out') : iterateRows(store, versionId);
}

function promptOf({ form, prompt }: StoredRow): ProbePrompt {
  return form === 'text' ? prompt : (JSON.parse(prompt) as readonly ProbeMessage[]);
}

/** A text that is not empty, or a conversation that is not all answers. */
function asksSomething(prompt: ProbePrompt): boolean {
  if (typeof prompt === 'string') return prompt.trim() !== '';
  return Array.isArray(prompt) && prompt.some(({ role }) => role !== 'assistant');
}

/** A token is at least a byte, and of usual vocabularies at least two on average. */
function mostBytes({ maxPositions, vocabSize }: ProbedModel): number {
  return (maxPositions - ROOM_TOKENS) * (vocabSize < WORD_VOCABULARY ? 1 : 2);
}
