/**
 * @file Text of tokens as they come. A character may be spread over several tokens, and a tokenizer may write a token differently at the beginning of a
 * text; so a few tokens are decoded together, and what may still change is held back.
 */

/** What a decoder writes for bytes that are no character (yet). */
const REPLACEMENT = '\uFFFD';
/** Tokens before the text that a decoder needs to know that it is in the middle of one. */
const CONTEXT_TOKENS = 4;

export interface StreamingTextOptions {
  /** Text of ids, special tokens left out. */
  readonly decode: (ids: readonly number[]) => string;
  /** The tokens that the text continues; empty where it begins by itself, as an answer in a chat does. */
  readonly context: Iterable<number>;
}

export class StreamingText {
  readonly #decode: StreamingTextOptions['decode'];
  /** Tokens whose text has been given out, kept for the ones after them, and tokens whose text has not, or not all. */
  #ids: number[];
  #settled: number;
  #given = 0;

  constructor({ decode, context }: StreamingTextOptions) {
    this.#decode = decode;
    this.#ids = [...context].slice(-CONTEXT_TOKENS);
    this.#settled = this.#ids.length;
  }

  /** @returns the text that is certain now and was not before; never a part of a character */
  add(token: number): string {
    this.#ids.push(token);
    const text = this.#newText();
    const certain = text.replace(TRAILING_REPLACEMENTS, '');
    const fresh = certain.slice(this.#given);
    this.#given += fresh.length;
    if (certain === text) this.#settle(text);
    return fresh;
  }

  /** @returns what was held back and will not become a character any more */
  end(): string {
    return this.#newText().slice(this.#given);
  }

  #settle(text: string): void {
    // A token without text (a special one) tells the following ones nothing; at the very beginning it may have been a space.
    if (text === '' && this.#settled > 0) this.#ids.length = this.#settled;
    this.#ids = this.#ids.slice(-CONTEXT_TOKENS);
    this.#settled = this.#ids.length;
    this.#given = 0;
  }

  #newText(): string {
    const before = this.#decode(this.#ids.slice(0, this.#settled));
    return this.#decode(this.#ids).slice(before.length);
  }
}

const TRAILING_REPLACEMENTS = new RegExp(`${REPLACEMENT}+$`, 'u');
