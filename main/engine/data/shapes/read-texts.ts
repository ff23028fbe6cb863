/** @file Readers of the shapes that stand on texts or messages in columns of their own: an answer with a label, a pair, a choice. */
import { parseExample } from '#engine/data/parse-example.ts';
import { parsePair } from '#engine/data/parse-pair.ts';
import { createGetter } from './column-path.ts';
import type { Fields } from './column-path.ts';
import type { MappingOf } from './column-mapping.ts';
import { createChoiceReader } from './read-choice.ts';
import { createLabelReader } from './read-label.ts';
import { createOptionsReader, createTextForm, optionNames } from './read-prompt.ts';
import { LEFT_OUT, oneRow } from './record-reading.ts';
import type { FieldsReader } from './record-reading.ts';

export function createExampleReader(mapping: MappingOf<'example'>): FieldsReader {
  const readLabel = createLabelReader(mapping.label);
  const form = createTextForm(mapping);
  const readOptions = createOptionsReader(mapping);
  const getCompletion = createGetter(mapping.completion);
  const prompt = mapping.prompt ?? 'prompt';
  const names = { prompt, completion: mapping.completion, label: mapping.label.column, ...optionNames(mapping) };
  const hasPrompt = mapping.prompt !== null || mapping.input !== null || mapping.history !== null || mapping.system !== null;
  return (fields, place) => {
    const label = readLabel(fields, place);
    if (typeof label === 'string') return LEFT_OUT[label];
    const completion = form.answer(getCompletion(fields), mapping.completion, place);
    const { tools, templateKwargs } = readOptions(fields);
    const prompted = hasPrompt ? form.prompt(fields, [completion], place) : '';
    return oneRow(parseExample({ prompt: prompted, completion, label, tools, templateKwargs }, names, place));
  };
}

export function createPairReader(mapping: MappingOf<'pair'>): FieldsReader {
  const read = createComparison(mapping, mapping.chosen, mapping.rejected);
  return (fields, place) => read(fields, place);
}

/** Reads which answer is better first: a tie is left out whatever its answers are. */
export function createChoicePairReader(mapping: MappingOf<'choice'>): FieldsReader {
  const readChoice = createChoiceReader(mapping.choice, { first: mapping.first, second: mapping.second });
  const firstIsBetter = createComparison(mapping, mapping.first, mapping.second);
  const secondIsBetter = createComparison(mapping, mapping.second, mapping.first);
  return (fields, place) => {
    const choice = readChoice(fields, place);
    if (typeof choice === 'string') return LEFT_OUT[choice];
    return choice ? firstIsBetter(fields, place) : secondIsBetter(fields, place);
  };
}

function createComparison(mapping: MappingOf<'pair'> | MappingOf<'choice'>, chosenColumn: string, rejectedColumn: string): FieldsReader {
  const form = createTextForm(mapping);
  const readOptions = createOptionsReader(mapping);
  const getChosen = createGetter(chosenColumn);
  const getRejected = createGetter(rejectedColumn);
  const names = { prompt: mapping.prompt ?? 'prompt', chosen: chosenColumn, rejected: rejectedColumn, ...optionNames(mapping) };
  return (fields: Fields, place) => {
    const chosen = form.answer(getChosen(fields), chosenColumn, place);
    const rejected = form.answer(getRejected(fields), rejectedColumn, place);
    const prompt = form.prompt(fields, [chosen, rejected], place);
    const { tools, templateKwargs } = readOptions(fields);
    return oneRow(parsePair({ prompt, chosen, rejected, tools, templateKwargs }, names, place));
  };
}
