/** @file Reads the texts that a model is pretrained on: plain ones, or conversations. */
import { basename } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import { parseMessages } from '#engine/data/parse-messages.ts';
import { parseText } from '#engine/data/parse-text.ts';
import type { Message } from '#engine/data/row.ts';
import { rowError } from '#engine/data/row-place.ts';
import { inOrder } from '#io/records/in-order.ts';
import { readRecords } from '#io/records/read-records.ts';

export type PretrainText = { readonly text: string } | { readonly messages: readonly Message[] };

const ROWS_PER_PROGRESS = 5000;

/**
 * @throws {ImportError} at the first record that is neither, with its place
 * @throws {StorageError | CancelledError}
 */
export async function readTexts(
  file: string,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (rows: number) => void },
): Promise<readonly PretrainText[]> {
  const texts: PretrainText[] = [];
  for await (const { records, faults } of readRecords(file, { signal })) {
    for (const item of inOrder(records, faults)) {
      if (!('value' in item)) throw new ImportError(item.message, { file, row: item.row });
      texts.push(parseRecord(item.value, { file: basename(file), row: item.row }));
      if (texts.length % ROWS_PER_PROGRESS === 0) onProgress(texts.length);
    }
  }
  return texts;
}

/** What the tokenizer learns from. */
export function* contentsOf(texts: readonly PretrainText[]): Generator<string> {
  for (const text of texts) {
    if ('text' in text) yield text.text;
    else for (const { content } of text.messages) if (typeof content === 'string') yield content;
  }
}

function parseRecord(value: unknown, place: { readonly file: string; readonly row: number }): PretrainText {
  const { messages, text } = (typeof value === 'object' && value !== null ? value : {}) as { messages?: unknown; text?: unknown };
  if (Array.isArray(messages)) return { messages: parseMessages(messages, 'messages', place) };
  if (text !== undefined && text !== null) return { text: parseText(text, 'text', place) };
  throw rowError(place, 'text', 'has no `messages` and no `text`', 'Give it one of them.');
}
