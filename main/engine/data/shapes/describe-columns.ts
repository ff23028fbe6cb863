/** @file Says in one sentence what the columns of a sample hold. */
import type { SurveyedColumn } from './survey-columns.ts';

const KIND_NAMES: Readonly<Record<SurveyedColumn['kind'], string>> = {
  empty: 'empty',
  text: 'text',
  number: 'numbers',
  boolean: 'true/false',
  message: 'a message',
  messages: 'messages',
  'json-messages': 'messages as JSON',
  ids: 'whole numbers in lists',
  'json-ids': 'whole numbers in lists',
  votes: 'votes',
  list: 'lists',
  object: 'objects',
  mixed: 'of several kinds',
};
const LISTED = 12;

/** @param records - how many were looked at */
export function describeColumns(columns: readonly SurveyedColumn[], records: number): string {
  if (records === 0) return 'There are no records.';
  if (columns.length === 0) return 'The records have no named columns.';
  const names = columns.slice(0, LISTED).map(({ path, kind }) => `\`${path.slice(0, 60)}\` (${KIND_NAMES[kind]})`);
  const more = columns.length > LISTED ? ` and ${columns.length - LISTED} more` : '';
  const noun = columns.length === 1 ? 'The column is' : 'The columns are';
  return `${noun} ${names.join(', ')}${more}.`;
}
