/** @file What a mapping expects in a column, for a table of bad rows. */
import type { ColumnMapping } from './column-mapping.ts';
import type { LabelMapping } from './label-mapping.ts';

const ANSWER = 'a text or a list of chat messages, not empty';
const PROMPT = 'a text or a list of chat messages';
const TOKENS = 'a list of token ids';
const ROLES: Readonly<Record<string, string>> = {
  prompt: PROMPT,
  input: 'text',
  system: 'text',
  history: 'a list of turns',
  completion: ANSWER,
  chosen: ANSWER,
  rejected: ANSWER,
  first: ANSWER,
  second: ANSWER,
  answers: 'a list of answers',
  answer: ANSWER,
  messages: 'a list of chat messages with an answer of the assistant',
  tools: 'a list of tool schemas',
  templateKwargs: 'an object',
};

/** The names of `standard` that are not those of a role. */
const STANDARD: Readonly<Record<string, string>> = {
  label: 'true or false',
  chat_template_kwargs: 'an object',
  prompt_ids: TOKENS,
  completion_ids: TOKENS,
  chosen_ids: TOKENS,
  rejected_ids: TOKENS,
};

/**
 * In a few words.
 * @param column - as an ImportError names it; empty for the record as a whole
 */
export function expectedValue(mapping: ColumnMapping, column: string): string {
  if (column === '') return 'an object with named fields';
  if (mapping.shape === 'standard') return STANDARD[column] ?? ROLES[column] ?? 'no such column';
  if ('label' in mapping && mapping.label.column === column) return expectedLabel(mapping.label);
  if (mapping.shape === 'choice' && mapping.choice.column === column) {
    return `one of ${list([...mapping.choice.first, ...mapping.choice.second, ...mapping.choice.ties])}`;
  }
  if (mapping.shape === 'rated-answers' && mapping.score.from === 'column' && mapping.score.column === column) return 'a list of scores';
  const role = Object.entries(mapping).find(([, value]) => value === column)?.[0];
  if (role === undefined) return mapping.shape === 'open-webui' ? 'a rated chat' : 'another value';
  return mapping.shape.startsWith('token-') ? TOKENS : (ROLES[role] ?? 'another value');
}

function expectedLabel({ reading, several }: LabelMapping): string {
  const one = describeOne(reading);
  return several === 'majority' ? `${one}, or a list of such` : one;
}

function describeOne(reading: LabelMapping['reading']): string {
  switch (reading.kind) {
    case 'boolean':
      return 'true or false';
    case 'values':
      return `one of ${list([...reading.desirable, ...reading.undesirable, ...reading.ignored])}`;
    case 'rating':
      return 'a number';
    default:
      return reading satisfies never;
  }
}

function list(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}
