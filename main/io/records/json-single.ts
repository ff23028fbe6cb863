/** @file Reads a .json file that is one object: one record. */
import type { BatchBuilder } from './batch-builder.ts';
import { parseJsonPiece } from './parse-json-piece.ts';
import type { DecodedText } from './text-decoder.ts';
import { MOST_RECORD_CHARACTERS, MOST_RECORD_TEXT } from './text-splitter.ts';
import type { TextSplitter } from './text-splitter.ts';

export class JsonSingleSplitter implements TextSplitter {
  readonly #name: string;
  readonly #batch: BatchBuilder;
  #parts: string[] = [];
  #characters = 0;
  #hasBadBytes = false;

  constructor(fileName: string, batch: BatchBuilder) {
    this.#name = fileName;
    this.#batch = batch;
  }

  // oxlint-disable-next-line require-yield -- one record never fills a batch
  *push({ text, hasBadBytes }: DecodedText): Generator<void> {
    this.#characters += text.length;
    this.#hasBadBytes ||= hasBadBytes;
    if (this.#characters <= MOST_RECORD_CHARACTERS) this.#parts.push(text);
    else this.#parts = [];
  }

  // oxlint-disable-next-line require-yield -- one record never fills a batch
  *end(): Generator<void> {
    if (this.#characters > MOST_RECORD_CHARACTERS) {
      const message =
        `${this.#name} is one JSON object of more than ${MOST_RECORD_TEXT}.` +
        ' Save it as JSON Lines (one row a line) or as one list of rows.';
      const parts = { expected: 'rows of their own', found: `one object of more than ${MOST_RECORD_TEXT}`, text: null };
      this.#batch.fault({ row: 1, line: 1, column: null, message, ...parts });
      return;
    }
    const text = this.#parts.join('');
    const parsed = parseJsonPiece({ text, hasBadBytes: this.#hasBadBytes, row: 1, line: 1, column: 1 }, this.#name);
    if ('fault' in parsed) this.#batch.fault(parsed.fault);
    else this.#batch.add({ row: 1, line: 1, value: parsed.value }, text.length);
  }
}
