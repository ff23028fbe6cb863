/**
 * @file Cuts a text at a delimiter in the five ways that Hugging Face's tokenizers know.
 * @see https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/tokenizer/normalizer.rs (`split`)
 */
import type { SplitBehaviorJson } from './tokenizer-json.ts';

interface Span {
  start: number;
  end: number;
  isDelimiter: boolean;
}

/**
 * Splits `text` at every match of `pattern`; empty pieces are left out.
 * @param pattern - global RegExp; matches are delimiters, or the rest is when `invert` is set
 */
export function splitPieces(text: string, pattern: RegExp, behavior: SplitBehaviorJson, invert = false): string[] {
  const spans = findSpans(text, pattern, invert);
  const kept = mergeSpans(spans, behavior);
  return kept.filter((span) => span.end > span.start).map((span) => text.slice(span.start, span.end));
}

/** Every character belongs to exactly one span. */
function findSpans(text: string, pattern: RegExp, invert: boolean): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) spans.push({ start: end, end: match.index, isDelimiter: invert });
    spans.push({ start: match.index, end: match.index + match[0].length, isDelimiter: !invert });
    end = match.index + match[0].length;
  }
  if (end < text.length) spans.push({ start: end, end: text.length, isDelimiter: invert });
  return spans;
}

function mergeSpans(spans: Span[], behavior: SplitBehaviorJson): Span[] {
  switch (behavior) {
    case 'Isolated':
      return spans;
    case 'Removed':
      return spans.filter((span) => !span.isDelimiter);
    case 'Contiguous':
      return fold(spans, (span, previousWasDelimiter) => span.isDelimiter === previousWasDelimiter);
    case 'MergedWithPrevious':
      // Only the first delimiter of a run joins what came before it.
      return fold(spans, (span, previousWasDelimiter) => span.isDelimiter && !previousWasDelimiter);
    case 'MergedWithNext':
      return fold(spans.toReversed(), (span, previousWasDelimiter) => span.isDelimiter && !previousWasDelimiter).toReversed();
    default:
      return behavior satisfies never;
  }
}

function fold(spans: readonly Span[], joins: (span: Span, previousWasDelimiter: boolean) => boolean): Span[] {
  const merged: Span[] = [];
  let previousWasDelimiter = false;
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && joins(span, previousWasDelimiter)) {
      last.start = Math.min(last.start, span.start);
      last.end = Math.max(last.end, span.end);
    } else {
      merged.push({ ...span });
    }
    previousWasDelimiter = span.isDelimiter;
  }
  return merged;
}
