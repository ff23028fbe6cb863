/** @file Reads one leaf of a Parquet column page by page, so that a group of a million rows needs no more memory than a small one. */
import { assembleLists } from 'hyparquet/src/assemble.js';
import { parquetHeader } from 'hyparquet/src/column.js';
import { convert } from 'hyparquet/src/convert.js';
import type { ColumnMetaData, PageHeader, SchemaTree } from 'hyparquet';
import type { ColumnDecoder, DecodedArray } from 'hyparquet/src/types.js';
import type { SourceFile } from '#io/records/source-file.ts';
import { requireSound } from './damaged.ts';
import { decodeDictionary, decodePage, shapeOf } from './decode-page.ts';
import type { DecodedPage, LeafShape } from './decode-page.ts';
import { createParsers, plainValues } from './leaf-values.ts';
import type { LeafParsers } from './leaf-values.ts';
import { rangeOf } from './read-table.ts';

export interface LeafReaderOptions {
  readonly source: SourceFile;
  readonly chunk: ColumnMetaData;
  readonly path: readonly SchemaTree[];
  /** Bytes to read at once. */
  readonly windowBytes: number;
  readonly signal: AbortSignal | undefined;
}

export class LeafReader {
  readonly parsers: LeafParsers;
  /** Of the file. */
  bytesRead = 0;
  readonly #options: LeafReaderOptions;
  readonly #shape: LeafShape;
  readonly #decoder: ColumnDecoder;
  readonly #end: number;
  #position: number;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;
  #dictionary: unknown[] | null = null;
  #page: DecodedPage | null = null;
  /** Levels and values of the page that are taken. */
  #levelsTaken = 0;
  #valuesTaken = 0;

  constructor(options: LeafReaderOptions) {
    const { chunk, path } = options;
    const { element } = path.at(-1) as SchemaTree;
    const { start, end } = rangeOf(chunk);
    this.#options = options;
    this.#shape = shapeOf(path, chunk.codec);
    this.#position = start;
    this.#end = end;
    const isText = ['UTF8', 'JSON', 'ENUM'].includes(element.converted_type ?? '') || element.logical_type?.type === 'STRING';
    this.parsers = createParsers(isText);
    this.#decoder = {
      pathInSchema: [...chunk.path_in_schema],
      type: chunk.type,
      element,
      schemaPath: [...path],
      codec: chunk.codec,
      parsers: this.parsers,
    };
  }

  /**
   * The next rows; a nested leaf as the lists that `assembleNested` expects.
   * @throws {DamagedPart} or another error of a decoder if there are fewer
   */
  take(rows: number): Promise<unknown[]> {
    const isFlat = this.#shape.path.length === 2 && this.#shape.maxRepetition === 0;
    return isFlat ? this.#takeFlat(rows) : this.#takeNested(rows);
  }

  async #takeFlat(rows: number): Promise<unknown[]> {
    const output: unknown[] = [];
    while (output.length < rows) {
      const page = await this.#currentPage();
      requireSound(page !== null, 'fewer rows than it says');
      const levels = Math.min(rows - output.length, page.levels - this.#levelsTaken);
      const { definitions } = page;
      const range = definitions?.subarray(this.#levelsTaken, this.#levelsTaken + levels) ?? null;
      let index = 0;
      const values = this.#takeValues(page, range === null ? levels : countFull(range));
      if (range === null) for (const value of values) output.push(value);
      else for (const level of range) output.push(level === 1 ? values[index++] : null);
      this.#levelsTaken += levels;
    }
    return output;
  }

  async #takeNested(rows: number): Promise<unknown[]> {
    const definitions: number[] = [];
    const repetitions: number[] = [];
    const values: unknown[] = [];
    const { maxRepetition, maxDefinition } = this.#shape;
    let started = 0;
    for (;;) {
      const page = await this.#currentPage();
      if (page === null) break; // the last row ends with the column
      const from = this.#levelsTaken;
      let to = from;
      for (; to < page.levels; to++) {
        if (page.repetitions !== null && page.repetitions[to] !== 0) continue;
        if (started === rows) break;
        started++;
      }
      const range = page.definitions?.subarray(from, to) ?? null;
      for (let level = from; level < to; level++) {
        definitions.push(page.definitions?.[level] ?? 0);
        if (maxRepetition > 0) repetitions.push(page.repetitions?.[level] ?? 0);
      }
      for (const value of this.#takeValues(page, range === null ? to - from : countFull(range, maxDefinition))) values.push(value);
      this.#levelsTaken = to;
      // A list may go on in the next page, so that the last row is whole only where another one begins.
      if (to < page.levels || (maxRepetition === 0 && started === rows)) break;
    }
    requireSound(started === rows, 'fewer rows than it says');
    const levels = maxDefinition === 0 ? [] : definitions;
    requireSound(repetitions.length === 0 || repetitions[0] === 0, 'a list without a beginning');
    const lists: unknown[] = [];
    const assembled = assembleLists(lists, levels, repetitions, values, [...this.#shape.path]);
    requireSound(assembled.length === rows, 'lists that do not fit together');
    return Array.from(assembled as unknown[]);
  }

  /** Converted only now, because a page may hold a hundred thousand texts. */
  #takeValues(page: DecodedPage, count: number): unknown[] {
    const raw: DecodedArray = page.values.slice(this.#valuesTaken, this.#valuesTaken + count);
    this.#valuesTaken += count;
    if (!page.isDictionary) return plainValues(convert(raw, this.#decoder));
    const dictionary = this.#dictionary;
    requireSound(dictionary !== null, 'no dictionary where one is needed');
    return Array.from(raw as Uint32Array, (position) => {
      requireSound(position < dictionary.length, 'a position beyond its dictionary');
      return dictionary[position];
    });
  }

  /** The page with the next level; null at the end of the column. */
  async #currentPage(): Promise<DecodedPage | null> {
    while (this.#page === null || this.#levelsTaken >= this.#page.levels) {
      if (this.#position >= this.#end) return null;
      const { header, bytes } = await this.#nextPage();
      if (header.type === 'DICTIONARY_PAGE') {
        this.#dictionary = plainValues(convert(decodeDictionary(header, bytes, this.#shape), this.#decoder));
      } else if (header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2') {
        this.#page = decodePage(header, bytes, this.#shape);
        this.#levelsTaken = 0;
        this.#valuesTaken = 0;
      }
    }
    return this.#page;
  }

  async #nextPage(): Promise<{ header: PageHeader; bytes: Uint8Array }> {
    // A header may hold a long text as the page's smallest value, so its length is known only when it has been read.
    for (let wanted = 8 * 1024; ; wanted *= 8) {
      await this.#fill(wanted);
      const start = this.#position - this.#windowStart;
      const reader = { view: new DataView(this.#window.buffer, this.#window.byteOffset + start, this.#window.length - start), offset: 0 };
      let header: PageHeader;
      try {
        header = parquetHeader(reader);
      } catch (error) {
        if (this.#position + wanted >= this.#end) throw error;
        continue;
      }
      const size = header.compressed_page_size;
      requireSound(size >= 0 && this.#position + reader.offset + size <= this.#end, 'a page that ends too early');
      this.bytesRead += reader.offset + size;
      this.#position += reader.offset;
      await this.#fill(size);
      const from = this.#position - this.#windowStart;
      this.#position += size;
      return { header, bytes: this.#window.subarray(from, from + size) };
    }
  }

  /** Makes the window hold that many bytes from the position on, or all there are. */
  async #fill(wanted: number): Promise<void> {
    const needed = Math.min(wanted, this.#end - this.#position);
    const held = this.#windowStart + this.#window.length - this.#position;
    if (held >= needed && this.#position >= this.#windowStart) return;
    const length = Math.min(Math.max(needed, this.#options.windowBytes), this.#end - this.#position);
    this.#window = await this.#options.source.read(this.#position, length, this.#options.signal);
    this.#windowStart = this.#position;
  }
}

function countFull(levels: Uint8Array, full = 1): number {
  let count = 0;
  for (const level of levels) if (level === full) count++;
  return count;
}
