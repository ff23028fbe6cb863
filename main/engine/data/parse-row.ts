/**
 * @file Turns one raw value of a dataset file into a `Row`, or says what is wrong with it.
 *
 * Read are: `prompt, completion, label` · `prompt, chosen, rejected` · `chosen, rejected` (the prompt is their common
 * beginning) · the same with lists of chat messages · `messages, label` (the last message is the completion) ·
 * `prompt_ids, completion_ids, label` · `prompt_ids, chosen_ids, rejected_ids` · `chosen_ids, rejected_ids`.
 */
import { ImportError } from '#contract/errors.ts';
import { parseLabel } from './parse-label.ts';
import { parsePair } from './parse-pair.ts';
import { parseChatOptions, parseMessages, requireAnswer } from './parse-messages.ts';
import { parseAnswerText, parseText } from './parse-text.ts';
import { parseAnswerIds, parseTokenIds } from './parse-token-ids.ts';
import type { ExampleRow, Row } from './row.ts';
import { describeValue, rowError } from './row-place.ts';
import type { RowPlace } from './row-place.ts';

type Fields = Readonly<Record<string, unknown>>;

/** In the order in which they are looked for; a filled field decides, else the mere name of one. */
const FORMS: readonly { readonly fields: readonly string[]; readonly parse: (fields: Fields, place: RowPlace) => Row }[] = [
  { fields: ['chosen', 'rejected', 'chosen_ids', 'rejected_ids'], parse: parsePair },
  { fields: ['completion_ids'], parse: parseTokenExample },
  { fields: ['messages'], parse: parseMessagesExample },
  { fields: ['completion'], parse: parseExample },
];

/** What a row with nothing but a prompt was meant to be. */
const PROMPT_FORMS: typeof FORMS = [
  { fields: ['prompt_ids'], parse: parseTokenExample },
  { fields: ['prompt'], parse: parseExample },
];

/**
 * Validates one row. Columns that other rows of a table need may be there and empty; if nothing is filled in, the names of
 * the fields tell which one is missed.
 * @param value - what the reader of the file gave
 * @throws {ImportError} with file, row and column
 */
export function parseRow(value: unknown, place: RowPlace): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw rowError(place, '', `is ${describeValue(value)} where an object with named fields is expected`);
  }
  const fields = value as Fields;
  refuseImages(fields, place);
  const isNamed = (name: string) => name in fields;
  const form = findForm(FORMS, (name) => isFilled(fields[name])) ?? findForm([...FORMS, ...PROMPT_FORMS], isNamed);
  if (form !== undefined) return form.parse(fields, place);
  const names = Object.keys(fields);
  throw new ImportError(
    `Row ${place.row} of ${place.file} has neither \`completion\` and \`label\` nor \`chosen\` and \`rejected\`` +
      ` (it has ${names.length === 0 ? 'no fields' : names.slice(0, 8).join(', ')}). Rename its fields or skip the row.`,
    { file: place.file, row: place.row },
  );
}

function findForm(forms: typeof FORMS, matches: (field: string) => boolean): (typeof FORMS)[number] | undefined {
  return forms.find((form) => form.fields.some(matches));
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function refuseImages(fields: Fields, place: RowPlace): void {
  for (const column of ['image', 'images']) {
    const value = fields[column];
    if (!isFilled(value) || (Array.isArray(value) && value.length === 0)) continue;
    throw rowError(place, column, `has \`${column}\``, 'Only text can be trained on; remove the column or skip the row.');
  }
}

function parseTokenExample(fields: Fields, place: RowPlace): ExampleRow {
  return {
    kind: 'example',
    form: 'tokens',
    row: place.row,
    promptIds: parseTokenIds(fields['prompt_ids'], 'prompt_ids', place),
    completionIds: parseAnswerIds(fields['completion_ids'], 'completion_ids', place),
    label: parseLabel(fields['label'], place),
  };
}

function parseMessagesExample(fields: Fields, place: RowPlace): ExampleRow {
  if (!Array.isArray(fields['messages'])) {
    throw rowError(place, 'messages', `has ${describeValue(fields['messages'])} as \`messages\` where a list of messages is expected`);
  }
  const messages = parseMessages(fields['messages'], 'messages', place);
  if (messages.at(-1)?.role !== 'assistant') {
    throw rowError(place, 'messages', 'does not end with an assistant message, which would be the completion');
  }
  if (messages.length === 1) throw rowError(place, 'messages', 'has no message before the completion');
  return {
    kind: 'example',
    form: 'chat',
    row: place.row,
    prompt: messages.slice(0, -1),
    completion: requireAnswer(messages.slice(-1), 'messages', place),
    options: parseChatOptions(fields, place),
    label: parseLabel(fields['label'], place),
  };
}

function parseExample(fields: Fields, place: RowPlace): ExampleRow {
  const { prompt, completion } = fields;
  if (prompt === undefined || prompt === null) {
    const reason = 'A completion with a label has nothing to compare with that would show where its prompt ends.';
    throw rowError(place, 'prompt', 'has no `prompt`', `${reason} Give it one ("" for none) or skip the row.`);
  }
  const label = () => parseLabel(fields['label'], place); // last, so that a missing completion is reported first
  if (Array.isArray(prompt) && Array.isArray(completion)) {
    return {
      kind: 'example',
      form: 'chat',
      row: place.row,
      prompt: parseMessages(prompt, 'prompt', place),
      completion: requireAnswer(parseMessages(completion, 'completion', place), 'completion', place),
      options: parseChatOptions(fields, place),
      label: label(),
    };
  }
  if (Array.isArray(prompt) !== Array.isArray(completion) && completion !== undefined && completion !== null) {
    throw rowError(place, 'completion', 'has chat messages in one of `prompt` and `completion` and not in the other');
  }
  return {
    kind: 'example',
    form: 'text',
    row: place.row,
    completion: parseAnswerText(completion, 'completion', place),
    prompt: parseText(prompt, 'prompt', place),
    label: label(),
  };
}
