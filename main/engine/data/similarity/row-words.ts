/** @file The words of a row's parts, of whatever form: what is compared when a hash is too strict. */
import type { Message, Row } from '#engine/data/row.ts';
import { normaliseText } from './normalise-text.ts';
import { hashIds, hashText } from './text-hash.ts';
import { wordHashes } from './word-hashes.ts';

/** A text, or token ids where there is no text. */
export type PartContent = string | Int32Array;

/** The prompt; the contents of a chat's messages, one per line, without their roles. */
export function promptContent(row: Row): PartContent {
  switch (row.form) {
    case 'text':
      return row.prompt;
    case 'chat':
      return contentsOf(row.prompt);
    case 'tokens':
      return row.promptIds;
    default:
      return row satisfies never;
  }
}

/** The completion, or chosen and rejected. */
export function answerContents(row: Row): readonly PartContent[] {
  switch (row.form) {
    case 'text':
      return row.kind === 'pair' ? [row.chosen, row.rejected] : [row.completion];
    case 'chat':
      return (row.kind === 'pair' ? [row.chosen, row.rejected] : [row.completion]).map(contentsOf);
    case 'tokens':
      return row.kind === 'pair' ? [row.chosenIds, row.rejectedIds] : [row.completionIds];
    default:
      return row satisfies never;
  }
}

/** The part's 53-bit key after normalisation and its words, signed 32-bit hashes or token ids. */
export function wordsOf(content: PartContent): { readonly key: number; readonly words: ArrayLike<number> } {
  if (typeof content !== 'string') return { key: hashIds(content), words: content };
  const normal = normaliseText(content);
  return { key: hashText(normal), words: wordHashes(normal) };
}

/** The key alone. */
export function textKeyOf(content: PartContent): number {
  return typeof content === 'string' ? hashText(normaliseText(content)) : hashIds(content);
}

function contentsOf(messages: readonly Message[]): string {
  return messages.map(({ content }) => content ?? '').join('\n');
}
