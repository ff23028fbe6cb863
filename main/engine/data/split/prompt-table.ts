/** @file The distinct prompts of a dataset: counts and a sketch of each, no text. */
import type { Row } from '#engine/data/row.ts';
import { HashIndex } from '#engine/data/similarity/hash-index.ts';
import { NumberColumn } from '#engine/data/similarity/number-column.ts';
import { promptContent, wordsOf } from '#engine/data/similarity/row-words.ts';
import { shingles } from '#engine/data/similarity/shingles.ts';
import { Sketches } from '#engine/data/similarity/sketches.ts';

/**
 * Prompts that are equal after normalisation are one; roles, tools and template arguments do not tell prompts apart here, so that a
 * question asked in two ways stays on one side. Memory: 4 bytes a row, and 50 to 80 a distinct prompt besides its sketch.
 */
export class PromptTable {
  readonly keys = new NumberColumn(Float64Array);
  /** Index of the first row, rows, and examples of each label; per prompt. */
  readonly firstRows = new NumberColumn(Int32Array);
  readonly rows = new NumberColumn(Uint32Array);
  readonly desirable = new NumberColumn(Uint32Array);
  readonly undesirable = new NumberColumn(Uint32Array);
  /** Per row, its prompt. */
  readonly promptOfRow = new NumberColumn(Int32Array);
  readonly sketches = new Sketches();
  readonly #index = new HashIndex();

  add(row: Row): void {
    const { key, words } = wordsOf(promptContent(row));
    const prompt = this.#index.findOrAdd(key, this.keys.length);
    if (prompt === this.keys.length) {
      this.keys.push(key);
      this.firstRows.push(this.promptOfRow.length);
      for (const column of [this.rows, this.desirable, this.undesirable]) column.push(0);
      this.sketches.add(shingles(words));
    }
    this.promptOfRow.push(prompt);
    this.rows.add(prompt, 1);
    if (row.kind === 'example') (row.label ? this.desirable : this.undesirable).add(prompt, 1);
  }

  /** Prompts by ascending key: an order that does not depend on that of the rows. */
  byKey(): Uint32Array {
    const keys = this.keys.view();
    const order = Uint32Array.from(keys, (_, prompt) => prompt);
    return order.sort((a, b) => (keys[a] as number) - (keys[b] as number));
  }
}
