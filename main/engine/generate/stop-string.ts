/** @file Ends a text at the first of some strings, and holds back what may be the beginning of one. */

export interface StopResult {
  /** Text that can be shown now. */
  readonly text: string;
  /** One of the strings was found; it is not part of the text. */
  readonly stopped: boolean;
}

export class StopStrings {
  readonly #strings: readonly string[];
  #held = '';

  /** @param strings - none is empty */
  constructor(strings: readonly string[]) {
    this.#strings = strings;
  }

  add(fresh: string): StopResult {
    const text = this.#held + fresh;
    const found = this.#strings.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
    if (found.length > 0) {
      this.#held = '';
      return { text: text.slice(0, Math.min(...found)), stopped: true };
    }
    const held = Math.max(0, ...this.#strings.map((stop) => beginningAtEnd(text, stop)));
    this.#held = text.slice(text.length - held);
    return { text: text.slice(0, text.length - held), stopped: false };
  }

  /** @returns what was held back, when nothing follows any more */
  end(): string {
    return this.#held;
  }
}

/** Length of the longest beginning of `stop` that `text` ends with. */
function beginningAtEnd(text: string, stop: string): number {
  for (let length = Math.min(stop.length - 1, text.length); length > 0; length--) if (text.endsWith(stop.slice(0, length))) return length;
  return 0;
}
