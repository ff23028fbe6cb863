/** @file How records lie in a JSON file, told by its beginning: one a line, in a list, in a list inside an object, or one in all. */
import { findJsonFault } from './json-fault.ts';

export type JsonLayout =
  | { readonly kind: 'lines' }
  | { readonly kind: 'list' }
  /** `skip`: characters before the list's [. */
  | { readonly kind: 'member'; readonly name: string; readonly skip: number }
  | { readonly kind: 'single' };

/** What programs call the list of rows when they write an object around it. Not `messages`: that is one conversation. */
const LIST_NAMES: ReadonlySet<string> = new Set(
  'data rows records examples items instances samples entries results train dataset preferences feedback'.split(' '),
);
const NEXT_TOKEN = /[^\s]/gu;

/**
 * @param head - the beginning of the text; its first character that is no white space is [ or {
 * @param isWhole - whether it is all of it
 */
export function detectJsonLayout(head: string, isWhole: boolean): JsonLayout {
  const start = head.search(/[^\s]/u);
  if (head.charAt(start) === '[') return { kind: 'list' };
  const firstNewline = head.indexOf('\n', start);
  const firstLine = firstNewline === -1 ? head.slice(start) : head.slice(start, firstNewline);
  const second = firstNewline === -1 ? -1 : indexOfToken(head, firstNewline);
  if (isJson(firstLine)) {
    const isAlone = second === -1 && isWhole;
    return (isAlone ? findMember(head, start) : null) ?? { kind: 'lines' };
  }
  if (firstNewline === -1) return (isWhole ? null : findMember(head, start)) ?? { kind: 'lines' };
  return goesOn(head, start, firstLine, second) ? (findMember(head, start) ?? { kind: 'single' }) : { kind: 'lines' };
}

/** Whether the second line continues the value of the first, instead of being a row after a broken one. */
function goesOn(head: string, start: number, firstLine: string, second: number): boolean {
  if (second === -1 || start + findJsonFault(head.slice(start)) <= second) return false;
  const end = head.indexOf('\n', second);
  const secondLine = head.slice(second, end === -1 ? undefined : end);
  return !(firstLine.trimEnd().endsWith(':') && secondLine.startsWith('{') && isJson(secondLine));
}

/** The first list of objects among the outermost members that has a name for rows. */
function findMember(head: string, start: number): JsonLayout | null {
  let depth = 0;
  let name: string | null = null;
  for (let index = start; index < head.length; index++) {
    const character = head.charAt(index);
    if (character === '"') {
      const end = endOfString(head, index);
      if (depth === 1 && head.charAt(indexOfToken(head, end)) === ':') name = head.slice(index + 1, end - 1);
      index = end - 1;
    } else if (character === '{' || character === '[') {
      const isList = depth === 1 && character === '[' && name !== null && LIST_NAMES.has(name.toLowerCase());
      if (isList && '{]'.includes(head.charAt(indexOfToken(head, index + 1)))) return { kind: 'member', name: name as string, skip: index };
      depth++;
    } else if (character === '}' || character === ']') depth--;
  }
  return null;
}

/** The index after its closing quote. */
function endOfString(text: string, open: number): number {
  for (let index = open + 1; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '\\') index++;
    else if (character === '"') return index + 1;
  }
  return text.length;
}

function indexOfToken(text: string, from: number): number {
  NEXT_TOKEN.lastIndex = from;
  return NEXT_TOKEN.exec(text)?.index ?? -1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
