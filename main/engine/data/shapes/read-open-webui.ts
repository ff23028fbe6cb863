/** @file Reader of Open WebUI's feedback exports. */
import { parseConversation } from '#engine/data/parse-example.ts';
import { CHAT_OPTION_NAMES } from '#engine/data/parse-messages.ts';
import type { MappingOf } from './column-mapping.ts';
import { openWebuiConversation } from './open-webui-conversation.ts';
import { createLabelReader } from './read-label.ts';
import { LEFT_OUT, oneRow } from './record-reading.ts';
import type { FieldsReader } from './record-reading.ts';

export function createOpenWebuiReader({ label }: MappingOf<'open-webui'>): FieldsReader {
  const readLabel = createLabelReader(label);
  const names = { messages: 'snapshot', label: label.column, ...CHAT_OPTION_NAMES };
  return (fields, place) => {
    const verdict = readLabel(fields, place);
    if (typeof verdict === 'string') return LEFT_OUT[verdict];
    const messages = openWebuiConversation(fields, place);
    return oneRow(parseConversation({ messages, label: verdict, tools: null, templateKwargs: null }, names, place));
  };
}
