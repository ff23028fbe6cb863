/** @file Reads pairs of transcripts ("\n\nHuman: …\n\nAssistant: …"), the form of Anthropic's hh-rlhf. */
import { parsePair } from '#engine/data/parse-pair.ts';
import { CHAT_OPTION_NAMES } from '#engine/data/parse-messages.ts';
import { parseAnswerText } from '#engine/data/parse-text.ts';
import type { Message } from '#engine/data/row.ts';
import { rowError } from '#engine/data/row-place.ts';
import type { RowPlace } from '#engine/data/row-place.ts';
import { createGetter } from './column-path.ts';
import type { MappingOf } from './column-mapping.ts';
import { oneRow } from './record-reading.ts';
import type { FieldsReader } from './record-reading.ts';

const TURN = /(?:^|\n\n)(Human|Assistant):/u;
const SPEAKERS: Readonly<Record<string, string>> = { Human: 'user', Assistant: 'assistant' };

/** The turns that both transcripts share are the prompt; what follows must begin with the assistant. */
export function createTranscriptPairReader(mapping: MappingOf<'transcript-pair'>): FieldsReader {
  const getChosen = createGetter(mapping.chosen);
  const getRejected = createGetter(mapping.rejected);
  const names = { prompt: 'prompt', chosen: mapping.chosen, rejected: mapping.rejected, ...CHAT_OPTION_NAMES };
  return (fields, place) => {
    const chosen = parseTranscript(getChosen(fields), mapping.chosen, place);
    const rejected = parseTranscript(getRejected(fields), mapping.rejected, place);
    const row = parsePair({ prompt: null, chosen, rejected, tools: null, templateKwargs: null }, names, place);
    if (row.form === 'chat' && [row.chosen, row.rejected].some(([first]) => first?.role !== 'assistant')) {
      const problem = `has transcripts in \`${mapping.chosen}\` and \`${mapping.rejected}\` that differ in what the human says`;
      throw rowError(place, mapping.chosen, problem);
    }
    return oneRow(row);
  };
}

/** True for a text that begins with a turn of the human and has one of the assistant. */
export function isTranscript(text: string): boolean {
  return /^\s*Human:/u.test(text) && text.includes('\n\nAssistant:');
}

function parseTranscript(value: unknown, column: string, place: RowPlace): readonly Message[] {
  const text = parseAnswerText(value, column, place).trimStart();
  const [before, ...parts] = text.split(TURN);
  if (parts.length < 4 || before !== '') {
    throw rowError(place, column, `has a text in \`${column}\` where turns that begin with "Human:" and "Assistant:" are expected`);
  }
  const messages: Message[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    messages.push({ role: SPEAKERS[parts[index] as string] as string, content: (parts[index + 1] as string).trim() });
  }
  return messages;
}
