/**
 * @file Python regular expressions, as PEFT's configurations hold them, turned into JavaScript's. What the two languages
 * write differently is translated; what JavaScript lacks is refused, never approximated.
 */
import { SettingsError } from '#contract/errors.ts';

/** `match` looks from the start of the text, `fullmatch` needs all of it; as Python's functions of that name. */
export type PythonMatch = 'match' | 'fullmatch';

/** Letters after a backslash that mean the same in both languages. */
const SHARED_ESCAPES = /[dDsSwWbBnrtfv0-9]/;
const CODE_ESCAPE = /^(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})/;

/**
 * @param field - the setting the pattern comes from, for the message
 * @throws {SettingsError} if the pattern is wrong, or uses what JavaScript can't do
 */
export function compilePythonRegex(pattern: string, mode: PythonMatch, field: string): RegExp {
  const wrong = (why: string): SettingsError =>
    new SettingsError(`\`${field}\` is not a regular expression that can be used: ${JSON.stringify(pattern)} ${why}.`, { field });
  const { source, flags } = translate(pattern, wrong);
  try {
    // Not ^ and $: under (?m) they would also match at line breaks.
    return new RegExp(`(?<![\\s\\S])(?:${source})${mode === 'fullmatch' ? '(?![\\s\\S])' : ''}`, flags);
  } catch (error) {
    throw wrong(error instanceof Error ? `(${error.message.replace(/^Invalid regular expression: /, '')})` : 'is wrong');
  }
}

type Refuse = (why: string) => SettingsError;

function translate(pattern: string, wrong: Refuse): { readonly source: string; readonly flags: string } {
  const leading = /^\(\?([a-zA-Z]+)\)/.exec(pattern);
  const flags = (leading?.[1] ?? '').split('').filter((flag) => flag !== 'a' && flag !== 'u');
  if (flags.some((flag) => !'ims'.includes(flag))) throw wrong(`has the flags (?${flags.join('')}), of which only i, m and s can be used`);
  let source = '';
  for (let position = leading?.[0].length ?? 0; position < pattern.length;) {
    const [text, length] = translateToken(pattern.slice(position), wrong);
    source += text;
    position += length;
  }
  return { source, flags: [...new Set(flags)].join('') };
}

/** @returns the translation of the first token of `rest`, and how many characters it replaces */
function translateToken(rest: string, wrong: Refuse): readonly [string, number] {
  const first = rest.charAt(0);
  if (first === '\\') return translateEscape(rest, wrong);
  if (first === '[') return translateClass(rest, wrong);
  if (rest.startsWith('(?')) return translateGroup(rest, wrong);
  const upTo = /^\{,(\d*)\}/.exec(rest);
  if (upTo) return [`{0,${upTo[1]}}`, upTo[0].length];
  if (/^(?:[*+?]|\{\d*,?\d*\})\+/.test(rest)) throw wrong('has a possessive quantifier, which JavaScript lacks');
  return [first, 1];
}

function translateEscape(rest: string, wrong: Refuse): readonly [string, number] {
  const escaped = rest.charAt(1);
  if (escaped === '') throw wrong('ends with a backslash');
  if (escaped === 'A') return ['(?<![\\s\\S])', 2];
  if (escaped === 'Z') return ['(?![\\s\\S])', 2];
  const code = CODE_ESCAPE.exec(rest.slice(1));
  if (code) return [`\\${code[0]}`, 1 + code[0].length];
  if (/[A-Za-z0-9]/.test(escaped) && !SHARED_ESCAPES.test(escaped)) throw wrong(`has the escape \\${escaped}, which can't be used`);
  return [`\\${escaped}`, 2];
}

/** In Python a `]` right after the opening is a member, and `\b` a backspace as in JavaScript. */
function translateClass(rest: string, wrong: Refuse): readonly [string, number] {
  const open = rest.startsWith('[^') ? '[^' : '[';
  let source = open;
  let position = open.length;
  if (rest[position] === ']') {
    source += '\\]';
    position += 1;
  }
  while (position < rest.length && rest[position] !== ']') {
    const [text, length] = rest[position] === '\\' ? translateEscape(rest.slice(position), wrong) : ([rest.charAt(position), 1] as const);
    source += text;
    position += length;
  }
  if (position >= rest.length) throw wrong('has a [ that is not closed');
  return [`${source}]`, position + 1];
}

function translateGroup(rest: string, wrong: Refuse): readonly [string, number] {
  const named = /^\(\?P<([A-Za-z_]\w*)>/.exec(rest);
  if (named) return [`(?<${named[1]}>`, named[0].length];
  const back = /^\(\?P=([A-Za-z_]\w*)\)/.exec(rest);
  if (back) return [`\\k<${back[1]}>`, back[0].length];
  const comment = /^\(\?#[^)]*\)/.exec(rest);
  if (comment) return ['', comment[0].length];
  const plain = /^\(\?(?::|=|!|<=|<!|[ims]+(?:-[ims]+)?:|-[ims]+:)/.exec(rest);
  if (plain) return [plain[0], plain[0].length];
  throw wrong(`has the group ${rest.slice(0, 4)}…, which can't be used`);
}
