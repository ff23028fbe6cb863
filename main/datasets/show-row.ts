/** @file A stored row as a person reads it: messages as turns, token ids as numbers; for a table only the beginnings. */
import type { ShownRow } from '#contract/rows.ts';
import type { StoredRow } from '#store/row-columns.ts';

/** More than a line of a table shows. */
const BEGINNING = 300;

/** @param index - in its version, from 0 @param isWhole - not cut */
export function showRow(row: StoredRow, index: number, isWhole = false): ShownRow {
  const { id, form, label } = row;
  const texts = [row.prompt, row.completion, row.rejected].map((text) => (text === null ? null : readable(form, text)));
  const isLong = !isWhole && texts.some((text) => text !== null && text.length > BEGINNING);
  const [prompt, completion, rejected] = texts.map((text) => (isLong && text !== null ? beginningOf(text) : text));
  return { id, index, form, label, prompt: prompt ?? '', completion: completion ?? '', rejected: rejected ?? null, cut: isLong };
}

/** Not through the middle of a character that takes two places. */
function beginningOf(text: string): string {
  const cut = text.slice(0, BEGINNING);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

function readable(form: StoredRow['form'], text: string): string {
  switch (form) {
    case 'text':
      return text;
    case 'chat':
      return turnsOf(text);
    case 'tokens':
      return text.replaceAll(',', ' ').replace(/^\[|\]$/g, '');
    default:
      return form satisfies never;
  }
}

/** Shown as stored if another program wrote it, so that it can be seen and deleted. */
function turnsOf(text: string): string {
  try {
    const messages = JSON.parse(text) as readonly { readonly role?: unknown; readonly content?: unknown }[];
    const [only] = messages;
    // The question or the answer alone needs no name before it.
    if (messages.length === 1 && typeof only?.content === 'string' && only.content !== '') return only.content;
    return messages.map(({ role, content, ...rest }) => `${String(role)}: ${contentOf(content, rest)}`).join('\n');
  } catch {
    return text;
  }
}

function contentOf(content: unknown, rest: object): string {
  if (typeof content === 'string' && content !== '') return content;
  return Object.keys(rest).length === 0 ? '' : JSON.stringify(rest);
}
