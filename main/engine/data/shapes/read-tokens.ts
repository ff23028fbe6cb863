/** @file Readers of the shapes in which texts are token ids already. */
import { parseTokenPair } from '#engine/data/parse-pair.ts';
import { parseAnswerIds, parseTokenIds } from '#engine/data/parse-token-ids.ts';
import { createGetter } from './column-path.ts';
import type { MappingOf } from './column-mapping.ts';
import { readJsonText } from './json-text.ts';
import { createLabelReader } from './read-label.ts';
import { LEFT_OUT, oneRow } from './record-reading.ts';
import type { FieldsReader } from './record-reading.ts';

export function createTokenExampleReader({ prompt, completion, label }: MappingOf<'token-example'>): FieldsReader {
  const readLabel = createLabelReader(label);
  const getPrompt = createGetter(prompt);
  const getCompletion = createGetter(completion);
  return (fields, place) => {
    const verdict = readLabel(fields, place);
    if (typeof verdict === 'string') return LEFT_OUT[verdict];
    return oneRow({
      kind: 'example',
      form: 'tokens',
      row: place.row,
      promptIds: parseTokenIds(readJsonText(getPrompt(fields), prompt, place), prompt, place),
      completionIds: parseAnswerIds(readJsonText(getCompletion(fields), completion, place), completion, place),
      label: verdict,
    });
  };
}

export function createTokenPairReader({ prompt, chosen, rejected }: MappingOf<'token-pair'>): FieldsReader {
  const getPrompt = createGetter(prompt);
  const getChosen = createGetter(chosen);
  const getRejected = createGetter(rejected);
  const names = { prompt: prompt ?? 'prompt', chosen, rejected };
  return (fields, place) => {
    const values = {
      prompt: readJsonText(getPrompt(fields), names.prompt, place),
      chosen: readJsonText(getChosen(fields), chosen, place),
      rejected: readJsonText(getRejected(fields), rejected, place),
    };
    return oneRow(parseTokenPair(values, names, place));
  };
}
