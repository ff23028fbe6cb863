/**
 * @file Finds added tokens (`<s>`, `<|im_end|>`, …) in a text before anything else looks at it, as Hugging Face's
 * tokenizers do: first those matched in the raw text, then, after normalisation, those matched in the normalised text.
 * @see https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/tokenizer/added_vocabulary.rs
 */
import { buildNeedleFinder } from './needle-finder.ts';
import type { Normaliser } from './normalise.ts';
import type { AddedTokenJson } from './tokenizer-json.ts';

/** A stretch of ordinary text, or one added token. */
export type Segment = { readonly text: string; readonly isTextStart: boolean } | { readonly id: number };

type Finder = (text: string) => Iterable<{ start: number; end: number; needle: AddedTokenJson }>;

// Rust's \w; JavaScript's is ASCII only.
const WORD_AT_END = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const WORD_AT_START = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;
const SPACE = /\p{White_Space}/u;

/** Returns a function that cuts a raw text into added tokens and normalised stretches of text. */
export function buildAddedTokenSplitter(tokens: readonly AddedTokenJson[], normalise: Normaliser): (text: string) => Segment[] {
  const findRaw = buildNeedleFinder(new Map(tokens.filter((token) => !token.normalized).map((token) => [token.content, token])));
  const findNormalised = buildNeedleFinder(
    new Map(tokens.filter((token) => token.normalized).map((token) => [normalise(token.content), token])),
  );
  return (text) =>
    splitAt(text, true, findRaw).flatMap((segment) =>
      'id' in segment ? [segment] : splitAt(normalise(segment.text), segment.isTextStart, findNormalised),
    );
}

/** Cuts one text at the tokens found in it; `isTextStart` stays with the piece that begins where the text does. */
function splitAt(text: string, isTextStart: boolean, find: Finder): Segment[] {
  const segments: Segment[] = [];
  let done = 0;
  for (const match of find(text)) {
    let { start, end } = match;
    const token = match.needle;
    if (token.single_word && touchesWord(text, start, end)) continue;
    if (token.lstrip) while (start > done && SPACE.test(text.charAt(start - 1))) start--;
    if (token.rstrip) while (end < text.length && SPACE.test(text.charAt(end))) end++;
    if (start > done) segments.push({ text: text.slice(done, start), isTextStart: isTextStart && done === 0 });
    segments.push({ id: token.id });
    done = end;
  }
  if (done < text.length) segments.push({ text: text.slice(done), isTextStart: isTextStart && done === 0 });
  return segments;
}

function touchesWord(text: string, start: number, end: number): boolean {
  // Two code units are enough to hold the neighbouring character.
  return WORD_AT_END.test(text.slice(Math.max(0, start - 2), start)) || WORD_AT_START.test(text.slice(end, end + 2));
}
