/** @file What a value could be in a dataset, judged by itself. */
import { isVote } from './collect-votes.ts';
import { looksLikeJson, parseJsonText } from './json-text.ts';
import { isMessage } from './normalise-messages.ts';
import { isUnrated as isBlank } from './normalise-label.ts';

export type ValueKind =
  | 'empty'
  | 'text'
  | 'number'
  | 'boolean'
  | 'message'
  | 'messages'
  | 'json-messages'
  | 'ids'
  | 'json-ids'
  | 'votes'
  | 'list'
  | 'object';

export function kindOfValue(value: unknown): ValueKind {
  if (isBlank(value)) return 'empty';
  if (typeof value === 'string') return kindOfText(value);
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return kindOfList(value);
  return isMessage(value) ? 'message' : 'object';
}

function kindOfText(text: string): ValueKind {
  if (!looksLikeJson(text)) return 'text';
  const kind = kindOfValue(parseJsonText(text));
  if (kind === 'messages' || kind === 'message') return 'json-messages';
  return kind === 'ids' ? 'json-ids' : 'text';
}

function kindOfList(value: object): ValueKind {
  const items: readonly unknown[] = Array.isArray(value) ? value : Array.from(value as ArrayLike<unknown>);
  if (items.length === 0) return 'empty';
  if (items.every(isMessage)) return 'messages';
  if (items.every(isId)) return 'ids';
  return items.every(isVote) ? 'votes' : 'list';
}

function isId(item: unknown): boolean {
  return typeof item === 'bigint' || (typeof item === 'number' && Number.isInteger(item) && item >= 0);
}
