/**
 * @file Python's `str.strip`, `lstrip` and `rstrip`, which chat templates call. JavaScript's `trim` takes another set of
 * characters, and knows no argument.
 */

export type StripSide = 'both' | 'left' | 'right';

// What str.isspace() holds true for.
const PYTHON_WHITESPACE = new Set(
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);

/** Removes leading and/or trailing characters that are in `characters` (whitespace when it is left out). */
export function pythonStrip(text: string, side: StripSide, characters?: string): string {
  const set = characters === undefined ? PYTHON_WHITESPACE : new Set(characters);
  const symbols = Array.from(text);
  let start = 0;
  let end = symbols.length;
  if (side !== 'right') while (start < end && set.has(symbols[start] as string)) start++;
  if (side !== 'left') while (end > start && set.has(symbols[end - 1] as string)) end--;
  return symbols.slice(start, end).join('');
}
