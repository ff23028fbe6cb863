/**
 * @file Finds the prompt that two completions share when a pair does not name one.
 * @see trl/data_utils.py (`extract_prompt`)
 */
import { jsonEqual } from './json-equal.ts';
import type { Message } from './row.ts';

export interface ExtractedPrompt<Sequence> {
  readonly prompt: Sequence;
  readonly chosen: Sequence;
  readonly rejected: Sequence;
}

/**
 * Splits two texts at the first character in which they differ; a space before it goes to the completions. Texts that do
 * not differ over the shorter one's length keep its last character. Characters are code points, as in Python.
 *
 * TRL reads index −1 when the very first characters differ and the chosen text ends in a space, and so calls the whole text
 * but its last character the prompt; here such a pair has an empty prompt.
 */
export function extractTextPrompt(chosen: string, rejected: string): ExtractedPrompt<string> {
  const limit = Math.min(chosen.length, rejected.length);
  let index = 0;
  while (index < limit && chosen[index] === rejected[index]) index++;
  const differs = index < limit;
  if (!differs) index--;
  if (index > 0 && (isInsidePair(chosen, index) || isInsidePair(rejected, index))) index--;
  if (differs && index > 0 && chosen[index - 1] === ' ') index--;
  return { prompt: chosen.slice(0, index), chosen: chosen.slice(index), rejected: rejected.slice(index) };
}

/** Splits two conversations at the first message in which they differ; if none does, at the shorter one's last. */
export function extractMessagesPrompt(chosen: readonly Message[], rejected: readonly Message[]): ExtractedPrompt<readonly Message[]> {
  const index = firstDifference(chosen, rejected, jsonEqual as (left: Message, right: Message) => boolean);
  return { prompt: chosen.slice(0, index), chosen: chosen.slice(index), rejected: rejected.slice(index) };
}

/** Splits two token sequences at the first id in which they differ; if none does, at the shorter one's last. */
export function extractIdsPrompt(chosen: Int32Array, rejected: Int32Array): ExtractedPrompt<Int32Array> {
  const index = firstDifference(chosen, rejected, (left, right) => left === right);
  return { prompt: chosen.slice(0, index), chosen: chosen.slice(index), rejected: rejected.slice(index) };
}

function firstDifference<Item>(left: ArrayLike<Item>, right: ArrayLike<Item>, equal: (left: Item, right: Item) => boolean): number {
  const limit = Math.min(left.length, right.length);
  for (let index = 0; index < limit; index++) {
    if (!equal(left[index] as Item, right[index] as Item)) return index;
  }
  return limit - 1;
}

/** True if `index` would cut a character that takes two code units. */
function isInsidePair(text: string, index: number): boolean {
  const before = text.charCodeAt(index - 1);
  const at = text.charCodeAt(index);
  return before >= 0xd800 && before <= 0xdbff && at >= 0xdc00 && at <= 0xdfff;
}
