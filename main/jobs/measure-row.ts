/** @file Lengths of a row before it is tokenised. */
import type { Message, Row } from '#engine/data/row.ts';

/** True for a prompt of white space too. */
export function hasEmptyPrompt(row: Row): boolean {
  switch (row.form) {
    case 'text':
      return row.prompt.trim() === '';
    case 'chat':
      return row.prompt.every(({ content }) => (content ?? '').trim() === '');
    case 'tokens':
      return row.promptIds.length === 0;
    default:
      return row satisfies never;
  }
}

/** Prompt and (longer) answer together, in characters, for token ids in tokens. What a chat template adds is not counted. */
export function longestAnswerLength(row: Row): number {
  const [prompt, ...answers] = partLengths(row);
  return (prompt ?? 0) + Math.max(...answers);
}

/** The prompt's, then those of the answers. */
function partLengths(row: Row): number[] {
  switch (row.form) {
    case 'text':
      return (row.kind === 'pair' ? [row.prompt, row.chosen, row.rejected] : [row.prompt, row.completion]).map((text) => text.length);
    case 'chat':
      return (row.kind === 'pair' ? [row.prompt, row.chosen, row.rejected] : [row.prompt, row.completion]).map(messagesLength);
    case 'tokens':
      return (row.kind === 'pair' ? [row.promptIds, row.chosenIds, row.rejectedIds] : [row.promptIds, row.completionIds]).map(
        (ids) => ids.length,
      );
    default:
      return row satisfies never;
  }
}

function messagesLength(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + (content ?? '').length, 0);
}
