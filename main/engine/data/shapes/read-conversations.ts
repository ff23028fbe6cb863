/** @file Readers of the shapes in which one column holds a whole conversation. */
import { parseConversation } from '#engine/data/parse-example.ts';
import { rowError } from '#engine/data/row-place.ts';
import type { RowPlace } from '#engine/data/row-place.ts';
import type { Row } from '#engine/data/row.ts';
import { createGetter } from './column-path.ts';
import type { Fields } from './column-path.ts';
import type { MappingOf } from './column-mapping.ts';
import { readJsonText } from './json-text.ts';
import { isMessage, normaliseMessages, speakerOf } from './normalise-messages.ts';
import { createLabelReader } from './read-label.ts';
import { createOptionsReader, optionNames, systemMessages } from './read-prompt.ts';
import { LEFT_OUT, oneRow } from './record-reading.ts';
import type { FieldsReader, LeftOutReason } from './record-reading.ts';

type ConversationMapping = MappingOf<'messages-example'> | MappingOf<'rated-messages'>;

export function createMessagesExampleReader(mapping: MappingOf<'messages-example'>): FieldsReader {
  const readLabel = createLabelReader(mapping.label);
  const readList = createListReader(mapping);
  const readOptions = createOptionsReader(mapping);
  const names = { messages: mapping.messages, label: mapping.label.column, ...optionNames(mapping) };
  return (fields, place) => {
    const label = readLabel(fields, place);
    if (typeof label === 'string') return LEFT_OUT[label];
    const messages = readList(fields, place);
    const kept = mapping.afterAnswer === 'drop' && Array.isArray(messages) ? upToAnswer(messages) : messages;
    const { tools, templateKwargs } = readOptions(fields);
    return oneRow(parseConversation({ messages: kept, label, tools, templateKwargs }, names, place));
  };
}

/** Each rated message of the assistant gives an example whose prompt is all that stands before it. */
export function createRatedMessagesReader(mapping: MappingOf<'rated-messages'>): FieldsReader {
  const readLabel = createLabelReader(mapping.label);
  const readList = createListReader(mapping);
  const readOptions = createOptionsReader(mapping);
  const names = { messages: mapping.messages, label: mapping.label.column, ...optionNames(mapping) };
  return (fields, place) => {
    const messages = readList(fields, place);
    const { tools, templateKwargs } = readOptions(fields);
    if (!Array.isArray(messages)) {
      return oneRow(parseConversation({ messages, label: null, tools, templateKwargs }, names, place));
    }
    const rows: Row[] = [];
    const leftOut: LeftOutReason[] = [];
    for (const [index, message] of messages.entries()) {
      if (!isMessage(message) || speakerOf(message) !== 'assistant') continue;
      const label = readLabel(message, place);
      if (typeof label === 'string') leftOut.push(label);
      else rows.push(parseConversation({ messages: messages.slice(0, index + 1), label, tools, templateKwargs }, names, place));
    }
    if (rows.length + leftOut.length > 0) return { rows, leftOut };
    throw rowError(place, mapping.messages, `has no message of an assistant in \`${mapping.messages}\``);
  };
}

function createListReader({ messages: column, system }: ConversationMapping): (fields: Fields, place: RowPlace) => unknown {
  const get = createGetter(column);
  const getSystem = createGetter(system);
  return (fields, place) => {
    const messages = normaliseMessages(readJsonText(get(fields), column, place));
    if (system === null || !Array.isArray(messages)) return messages;
    const [first] = messages as readonly unknown[];
    const hasOwnSystem = isMessage(first) && speakerOf(first) === 'system';
    return hasOwnSystem ? messages : [...systemMessages(getSystem(fields), system, place), ...(messages as unknown[])];
  };
}

function upToAnswer(messages: readonly unknown[]): readonly unknown[] {
  const last = messages.findLastIndex((message) => isMessage(message) && speakerOf(message) === 'assistant');
  return last === -1 ? messages : messages.slice(0, last + 1);
}
