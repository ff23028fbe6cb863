/** @file Keys by which rows are recognised: exactly, and after normalisation. */
import type { ChatExample, ChatPair, Message, Row } from '#engine/data/row.ts';
import { normaliseText } from './normalise-text.ts';
import { combineHashes, hashIds, hashText } from './text-hash.ts';

export interface PartKey {
  /** 53-bit hash of the part as it is. */
  readonly exact: number;
  /** 53-bit hash after `normaliseText`; of token ids the same as `exact`. */
  readonly near: number;
  /** Nothing but white space and invisible characters. */
  readonly isEmpty: boolean;
}

/** A character that can be seen. */
const VISIBLE = /[^\s\u200b-\u200f\u2060]/;

/** The prompt; of a chat with its tools and template arguments. */
export function promptKey(row: Row): PartKey {
  switch (row.form) {
    case 'text':
      return textKey(row.prompt);
    case 'chat':
      return withOptions(messagesKey(row.prompt), row);
    case 'tokens':
      return idsKey(row.promptIds);
    default:
      return row satisfies never;
  }
}

/** The completion, or chosen and rejected. */
export function answerKeys(row: Row): readonly PartKey[] {
  switch (row.form) {
    case 'text':
      return (row.kind === 'pair' ? [row.chosen, row.rejected] : [row.completion]).map(textKey);
    case 'chat':
      return (row.kind === 'pair' ? [row.chosen, row.rejected] : [row.completion]).map(messagesKey);
    case 'tokens':
      return (row.kind === 'pair' ? [row.chosenIds, row.rejectedIds] : [row.completionIds]).map(idsKey);
    default:
      return row satisfies never;
  }
}

function textKey(text: string): PartKey {
  const exact = hashText(text);
  const normal = normaliseText(text);
  return { exact, near: normal === text ? exact : hashText(normal), isEmpty: !VISIBLE.test(text) };
}

function idsKey(ids: Int32Array): PartKey {
  const exact = hashIds(ids);
  return { exact, near: exact, isEmpty: ids.length === 0 };
}

function messagesKey(messages: readonly Message[]): PartKey {
  const turns = messages.map(({ role, content, ...rest }) => ({
    role,
    content: content ?? '',
    rest: Object.keys(rest).length === 0 ? '' : JSON.stringify(rest),
  }));
  const write = (fold: (text: string) => string) =>
    turns.map(({ role, content, rest }) => `${role}\0${fold(content)}\0${rest}\0`).join('\0');
  return {
    exact: hashText(write((content) => content)),
    near: hashText(write(normaliseText)),
    isEmpty: turns.every(({ content, rest }) => rest === '' && !VISIBLE.test(content)),
  };
}

/** The same words with other tools are another prompt. */
function withOptions(key: PartKey, { options }: ChatExample | ChatPair): PartKey {
  if (options.tools === null && Object.keys(options.templateKwargs).length === 0) return key;
  const hash = hashText(JSON.stringify([options.tools, options.templateKwargs]));
  return { ...key, exact: combineHashes(key.exact, hash), near: combineHashes(key.near, hash) };
}
