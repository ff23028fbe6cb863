/** @file Which prompts occur most often; exact counts over hashes, the text of the top only. */
import { HashIndex } from '#engine/data/similarity/hash-index.ts';
import { NumberColumn } from '#engine/data/similarity/number-column.ts';

export interface RepeatedPrompt {
  /** As one of its rows has it, cut to 200 characters. */
  readonly text: string;
  readonly rows: number;
}

const LISTED = 10;
/** Texts held: any prompt that ends in the list was among the most frequent when its last row came. */
const HELD = 4 * LISTED;
const SHOWN_CHARACTERS = 200;

/** 30 to 50 bytes a distinct prompt. */
export class RepeatedPrompts {
  readonly #index = new HashIndex();
  readonly #counts = new NumberColumn(Uint32Array);
  readonly #texts = new Map<number, string>();
  #least = 1;

  get distinct(): number {
    return this.#counts.length;
  }

  /**
   * @param key - prompts with the same key are one
   * @param text - called if the prompt is frequent
   */
  add(key: number, text: () => string): void {
    const prompt = this.#index.findOrAdd(key, this.#counts.length);
    if (prompt === this.#counts.length) this.#counts.push(0);
    this.#counts.add(prompt, 1);
    if (this.#counts.at(prompt) <= this.#least || this.#texts.has(prompt)) return;
    this.#texts.set(prompt, shorten(text()));
    if (this.#texts.size > HELD) this.#forget();
  }

  /** Prompts of at least two rows, the most frequent first, at most ten. */
  result(): RepeatedPrompt[] {
    return this.#byCount()
      .slice(0, LISTED)
      .map((prompt) => ({ text: this.#texts.get(prompt) ?? '', rows: this.#counts.at(prompt) }));
  }

  #forget(): void {
    const sorted = this.#byCount();
    for (const prompt of sorted.slice(HELD / 2)) this.#texts.delete(prompt);
    // A prompt that has no more rows than the tenth can still only tie with it.
    this.#least = this.#counts.at(sorted[LISTED - 1] as number) - 1;
  }

  #byCount(): number[] {
    return [...this.#texts.keys()].toSorted((a, b) => this.#counts.at(b) - this.#counts.at(a) || a - b);
  }
}

function shorten(text: string): string {
  const characters = text.slice(0, SHOWN_CHARACTERS + 1);
  return characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).toWellFormed()}…` : characters;
}
