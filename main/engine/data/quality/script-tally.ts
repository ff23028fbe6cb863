/** @file Which scripts the texts are written in. Scripts, not languages: a few words do not tell Danish from Norwegian. */

/** Scripts that are told apart; letters of others are counted together. */
export const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
  'Thai',
  'Lao',
  'Khmer',
  'Myanmar',
  'Tibetan',
  'Georgian',
  'Armenian',
  'Ethiopic',
  'Hangul',
  'Hiragana',
  'Katakana',
  'Han',
] as const;

export type Script = (typeof SCRIPTS)[number] | 'Other';

export interface ScriptShare {
  readonly script: Script;
  readonly letters: number;
  /** Of all letters. */
  readonly share: number;
  /** Texts in which it has the most letters. */
  readonly texts: number;
}

const NAMES: readonly Script[] = [...SCRIPTS, 'Other'];
const OTHER = SCRIPTS.length;
/** In the table: 0 for a character not met yet. */
const NO_LETTER = 255;

const PATTERNS = SCRIPTS.map((script) => new RegExp(`\\p{Script=${script}}`, 'u'));
const LETTER = /\p{L}/u;

/** Counts letters by Unicode script; each character is looked up once. */
export class ScriptTally {
  /** Per code point below 0x40000, 1 + its script. */
  readonly #known = new Uint8Array(0x40000);
  readonly #letters = new Float64Array(NAMES.length);
  readonly #texts = new Float64Array(NAMES.length);
  readonly #ofText = new Float64Array(NAMES.length);

  add(text: string): void {
    this.#ofText.fill(0);
    for (let i = 0; i < text.length; i++) {
      const point = text.codePointAt(i) as number;
      if (point > 0xffff) i++;
      const script = this.#scriptOf(point);
      if (script !== NO_LETTER) this.#ofText[script] = (this.#ofText[script] as number) + 1;
    }
    let main = -1;
    this.#ofText.forEach((letters, script) => {
      this.#letters[script] = (this.#letters[script] as number) + letters;
      if (letters > 0 && (main === -1 || letters > (this.#ofText[main] as number))) main = script;
    });
    if (main !== -1) this.#texts[main] = (this.#texts[main] as number) + 1;
  }

  /** The scripts that occur, most letters first. */
  result(): ScriptShare[] {
    const all = this.#letters.reduce((sum, letters) => sum + letters, 0);
    const shares = NAMES.map((script, index) => {
      const letters = this.#letters[index] as number;
      return { script, letters, share: all === 0 ? 0 : letters / all, texts: this.#texts[index] as number };
    });
    return shares.filter(({ letters }) => letters > 0).toSorted((a, b) => b.letters - a.letters);
  }

  #scriptOf(point: number): number {
    const known = this.#known[point] ?? 0;
    if (known !== 0) return known === NO_LETTER ? NO_LETTER : known - 1;
    const character = String.fromCodePoint(point);
    const found = PATTERNS.findIndex((pattern) => pattern.test(character));
    const script = LETTER.test(character) ? (found === -1 ? OTHER : found) : NO_LETTER;
    this.#known[point] = script === NO_LETTER ? NO_LETTER : script + 1;
    return script;
  }
}
