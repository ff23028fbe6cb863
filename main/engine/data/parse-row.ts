/**
 * @file Turns one raw value of a dataset file into a `Row`, or says what is wrong with it.
 *
 * Read are: `prompt, completion, label` · `prompt, chosen, rejected` · `chosen, rejected` (the prompt is their common
 * beginning) · the same with lists of chat messages · `messages, label` (the last message is the completion) ·
 * `prompt_ids, completion_ids, label` · `prompt_ids, chosen_ids, rejected_ids` · `chosen_ids, rejected_ids`.
 */
import { ImportError } from '#contract/errors.ts';
import { parseConversation, parseExample } from './parse-example.ts';
import type { ConversationNames, ExampleNames } from './parse-example.ts';
import { parseLabel } from './parse-label.ts';
import { CHAT_OPTION_NAMES } from './parse-messages.ts';
import type { ChatOptionValues } from './parse-messages.ts';
import { parsePair, parseTokenPair } from './parse-pair.ts';
import type { PairNames } from './parse-pair.ts';
import { parseAnswerIds, parseTokenIds } from './parse-token-ids.ts';
import type { ExampleRow, PairRow, Row } from './row.ts';
import { describeValue, rowError } from './row-place.ts';
import type { RowPlace } from './row-place.ts';
import { isFilled, refuseImages } from './refuse-images.ts';

type Fields = Readonly<Record<string, unknown>>;

const EXAMPLE_NAMES: ExampleNames = { prompt: 'prompt', completion: 'completion', label: 'label', ...CHAT_OPTION_NAMES };
const CONVERSATION_NAMES: ConversationNames = { messages: 'messages', label: 'label', ...CHAT_OPTION_NAMES };
const PAIR_NAMES: PairNames = { prompt: 'prompt', chosen: 'chosen', rejected: 'rejected', ...CHAT_OPTION_NAMES };

/** In the order in which they are looked for; a filled field decides, else the mere name of one. */
const FORMS: readonly { readonly fields: readonly string[]; readonly parse: (fields: Fields, place: RowPlace) => Row }[] = [
  { fields: ['chosen', 'rejected', 'chosen_ids', 'rejected_ids'], parse: parsePairFields },
  { fields: ['completion_ids'], parse: parseTokenExample },
  { fields: ['messages'], parse: parseMessagesFields },
  { fields: ['completion'], parse: parseExampleFields },
];

/** What a row with nothing but a prompt was meant to be. */
const PROMPT_FORMS: typeof FORMS = [
  { fields: ['prompt_ids'], parse: parseTokenExample },
  { fields: ['prompt'], parse: parseExampleFields },
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

function parseMessagesFields(fields: Fields, place: RowPlace): ExampleRow {
  const values = { messages: fields['messages'], label: fields['label'], ...chatOptionValues(fields) };
  return parseConversation(values, CONVERSATION_NAMES, place);
}

function parseExampleFields(fields: Fields, place: RowPlace): ExampleRow {
  const values = { prompt: fields['prompt'], completion: fields['completion'], label: fields['label'], ...chatOptionValues(fields) };
  return parseExample(values, EXAMPLE_NAMES, place);
}

function parsePairFields(fields: Fields, place: RowPlace): PairRow {
  const hasIds = (fields['chosen_ids'] ?? fields['rejected_ids'] ?? null) !== null;
  if (hasIds || !('chosen' in fields || 'rejected' in fields)) {
    const ids = { prompt: fields['prompt_ids'], chosen: fields['chosen_ids'], rejected: fields['rejected_ids'] };
    return parseTokenPair(ids, { prompt: 'prompt_ids', chosen: 'chosen_ids', rejected: 'rejected_ids' }, place);
  }
  const values = { prompt: fields['prompt'], chosen: fields['chosen'], rejected: fields['rejected'], ...chatOptionValues(fields) };
  return parsePair(values, PAIR_NAMES, place);
}

function chatOptionValues(fields: Fields): ChatOptionValues {
  return { tools: fields[CHAT_OPTION_NAMES.tools], templateKwargs: fields[CHAT_OPTION_NAMES.templateKwargs] };
}
