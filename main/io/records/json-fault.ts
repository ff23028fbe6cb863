/** @file Finds the place where a text stops being JSON: `JSON.parse` does not always tell it. */

const WHITE_SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const WORD = /true|false|null/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MAX_DEPTH = 1000;

/** Index of the first character that cannot be there; the length of the text if it ends too early. */
export function findJsonFault(text: string): number {
  const scanner = new Scanner(text);
  if (scanner.value(0)) scanner.skip(WHITE_SPACE);
  return scanner.position;
}

/** What a person probably meant, by what stands at the fault. */
export function explainJsonFault(text: string, index: number): string {
  const rest = text.slice(index, index + 12);
  if (index >= text.length) return 'It ends too early.';
  if (rest.startsWith("'")) return 'JSON needs double quotes.';
  if (/^-?(?:NaN|Infinity)/u.test(rest)) return 'JSON has no NaN or Infinity; use null.';
  if (/^(?:True|False|None)/u.test(rest)) return 'JSON writes true, false and null in lower case.';
  if (/^[}\]]/u.test(rest) && /,\s*$/u.test(text.slice(0, index))) return 'Remove the comma before it.';
  if (rest.charCodeAt(0) < 0x20) return 'Write line breaks and tabs inside a text as \\n and \\t.';
  return 'Each line must be one whole JSON object.';
}

/** Recursive descent over the grammar of RFC 8259; a method returns false with `position` at the fault. */
class Scanner {
  position = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match === null) return false;
    this.position += match[0].length;
    return true;
  }

  value(depth: number): boolean {
    if (depth > MAX_DEPTH) return false;
    this.skip(WHITE_SPACE);
    const first = this.text[this.position];
    if (first === '{') return this.members('}', depth, () => this.string() && this.punctuation(':') && this.value(depth + 1));
    if (first === '[') return this.members(']', depth, () => this.value(depth + 1));
    if (first === '"') return this.string();
    return this.skip(WORD) || this.skip(NUMBER);
  }

  private members(end: string, depth: number, member: () => boolean): boolean {
    this.position++;
    if (depth <= MAX_DEPTH && this.punctuation(end)) return true;
    for (;;) {
      this.skip(WHITE_SPACE);
      if (!member()) return false;
      if (this.punctuation(end)) return true;
      if (!this.punctuation(',')) return false;
    }
  }

  private punctuation(character: string): boolean {
    this.skip(WHITE_SPACE);
    if (this.text[this.position] !== character) return false;
    this.position++;
    return true;
  }

  /** By hand, for a regular expression over megabytes overflows its stack. */
  private string(): boolean {
    if (this.text[this.position] !== '"') return false;
    this.position++;
    for (;;) {
      const code = this.text.charCodeAt(this.position);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        if (!this.skip(ESCAPE)) return false;
      } else if (code >= 0x20) {
        this.position++;
      } else {
        return false; // a control character, or NaN: the end of the text
      }
    }
    this.position++;
    return true;
  }
}
