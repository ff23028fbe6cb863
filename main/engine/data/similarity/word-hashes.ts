/** @file Cuts a text into words for comparison, as hashes, without making a string of each. */
import { mixWord } from './text-hash.ts';

const SEPARATOR = 0;
const IN_WORD = 1;
/** A character that is a word of its own: an operator, or a sign of a script that writes no spaces. */
const ALONE = 2;

const ASCII_KINDS = asciiKinds();

/**
 * Runs of letters and digits are words, with a dot, comma or apostrophe inside them (3.14, don't). Operators and currency signs are words
 * of one character, so that 3 + 4 and 3 * 4 differ; so are signs of scripts without spaces (Han, Kana, Thai, Lao, Khmer, Burmese) and
 * whatever lies beyond the basic plane (emoji). Other punctuation separates.
 * @param text - normalised or at least in lower case; nothing is folded here
 * @returns signed 32-bit hashes, in order
 */
export function wordHashes(text: string): number[] {
  const words: number[] = [];
  let hash = 0;
  let isOpen = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    let kind = kindOf(unit);
    if (kind === SEPARATOR && isOpen && isJoiner(unit) && i + 1 < text.length && kindOf(text.charCodeAt(i + 1)) === IN_WORD) kind = IN_WORD;
    if (kind === IN_WORD) {
      hash = Math.imul((isOpen ? hash : 0x811c9dc5) ^ unit, 0x01000193);
      isOpen = true;
      continue;
    }
    if (isOpen) words.push(mixWord(hash));
    isOpen = false;
    if (kind === SEPARATOR) continue;
    const isPair = (unit & 0xfc00) === 0xd800;
    words.push(mixWord(isPair ? Math.imul(unit, 0x10001) ^ text.charCodeAt(++i) : unit ^ 0x5bd1e995));
  }
  if (isOpen) words.push(mixWord(hash));
  return words;
}

function kindOf(unit: number): number {
  if (unit < 0x80) return ASCII_KINDS[unit] as number;
  if (unit < 0xc0) return unit === 0xaa || unit === 0xb5 || unit === 0xba ? IN_WORD : SEPARATOR;
  if (unit < 0x0e00) return IN_WORD;
  if (unit < 0x0f00 || (unit >= 0x1000 && unit < 0x10a0) || (unit >= 0x1780 && unit < 0x1800)) return ALONE;
  if (unit < 0x2000) return IN_WORD;
  if (unit < 0x2070) return SEPARATOR; // general punctuation
  if (unit < 0x2c00) return ALONE; // currency, arrows, mathematics, dingbats
  if (unit < 0x2e00) return IN_WORD;
  if (unit < 0x2e80 || (unit >= 0x3000 && unit < 0x3004) || (unit >= 0x3008 && unit < 0x3020)) return SEPARATOR;
  if (unit < 0xa000) return ALONE; // Han and Kana
  return unit < 0xd800 ? IN_WORD : ALONE; // Hangul, which writes spaces; then surrogates and compatibility forms
}

/** . , ' ’ */
function isJoiner(unit: number): boolean {
  return unit === 0x2e || unit === 0x2c || unit === 0x27 || unit === 0x2019;
}

function asciiKinds(): Uint8Array {
  const kinds = new Uint8Array(0x80);
  for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_') kinds[character.charCodeAt(0)] = IN_WORD;
  for (const character of '#$%&*+-/<=>@\\^|~') kinds[character.charCodeAt(0)] = ALONE;
  return kinds;
}
