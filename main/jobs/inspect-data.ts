/** @file What a dataset file holds and whether it can be trained on; every row is read. */
import { basename } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import { createRowParser } from '#engine/data/row-parser.ts';
import type { Row } from '#engine/data/row.ts';
import type { RecordFault, SourceRecord } from '#engine/data/source-record.ts';
import { weightBalance } from '#engine/train/weight-balance.ts';
import { inOrder } from '#io/records/in-order.ts';
import { readRecords } from '#io/records/read-records.ts';
import { hasEmptyPrompt, longestAnswerLength } from './measure-row.ts';

export interface BadRow {
  /** 1-based: the line of a JSON Lines file, else the position of the record. */
  readonly row: number;
  readonly message: string;
}

export interface DataReport {
  readonly file: string;
  /** Why it can't be trained on as it is; null if it can. */
  readonly problem: string | null;
  /** Good and bad. */
  readonly rows: number;
  /** Null if no row can be used. */
  readonly kind: 'examples' | 'pairs' | null;
  /** Good rows by what their texts are made of. */
  readonly forms: Readonly<Record<Row['form'], number>>;
  /** Whether there are rows of chat messages, which need the model's chat template. */
  readonly conversational: boolean;
  /** Of examples. */
  readonly labels: { readonly desirable: number; readonly undesirable: number } | null;
  /** Lowest and highest good value of either weight, the other staying 1; null if the labels are balanced, or not of both kinds. */
  readonly weights: { readonly desirable: readonly [number, number]; readonly undesirable: readonly [number, number] } | null;
  readonly badRows: number;
  /** The first of them. */
  readonly firstBadRows: readonly BadRow[];
  /** Whether leaving the bad rows out helps: false if nothing would be left. */
  readonly canSkipBadRows: boolean;
  readonly emptyPrompts: number;
  readonly firstEmptyPrompts: readonly number[];
  /** Prompt and answer together: the longest text in characters, the longest row of token ids in tokens. */
  readonly longest: { readonly row: number; readonly length: number; readonly unit: 'characters' | 'tokens' } | null;
}

/** Rows named one by one. */
const LISTED = 10;

/**
 * Bad rows are part of the report.
 * @throws {ImportError} if it is no data file, or is empty
 * @throws {StorageError | CancelledError}
 */
export async function inspectData(file: string, { signal }: { readonly signal: AbortSignal }): Promise<DataReport> {
  const survey = new Survey(file);
  for await (const { records, faults } of readRecords(file, { signal })) {
    for (const item of inOrder(records, faults)) survey.add(item);
  }
  return survey.report();
}

class Survey {
  readonly #file: string;
  readonly #parse: (value: unknown, row: number) => Row;
  readonly #forms = { text: 0, chat: 0, tokens: 0 };
  readonly #badRows: BadRow[] = [];
  readonly #emptyPrompts: number[] = [];
  readonly #labels = { desirable: 0, undesirable: 0 };
  #kind: DataReport['kind'] = null;
  #longest: DataReport['longest'] = null;
  #good = 0;

  constructor(file: string) {
    this.#file = file;
    this.#parse = createRowParser(basename(file));
  }

  add(item: SourceRecord | RecordFault): void {
    const { row } = item;
    if ('message' in item) {
      this.#badRows.push({ row, message: item.message });
      return;
    }
    try {
      this.#addGood(this.#parse(item.value, row));
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      this.#badRows.push({ row, message: error.message });
    }
  }

  report(): DataReport {
    const badRows = this.#badRows.length;
    return {
      file: this.#file,
      problem: this.#problem(),
      rows: this.#good + badRows,
      kind: this.#kind,
      forms: this.#forms,
      conversational: this.#forms.chat > 0,
      labels: this.#kind === 'examples' ? this.#labels : null,
      weights: this.#kind === 'examples' ? this.#goodWeights() : null,
      badRows,
      firstBadRows: this.#badRows.slice(0, LISTED),
      canSkipBadRows: badRows > 0 && this.#good > 0,
      emptyPrompts: this.#emptyPrompts.length,
      firstEmptyPrompts: this.#emptyPrompts.slice(0, LISTED),
      longest: this.#longest,
    };
  }

  #addGood(row: Row): void {
    this.#good += 1;
    this.#kind = row.kind === 'pair' ? 'pairs' : 'examples';
    this.#forms[row.form] += 1;
    if (row.kind === 'example') this.#labels[row.label ? 'desirable' : 'undesirable'] += 1;
    if (hasEmptyPrompt(row)) this.#emptyPrompts.push(row.row);
    const length = longestAnswerLength(row);
    const unit = row.form === 'tokens' ? 'tokens' : 'characters';
    if (this.#longest === null || length > this.#longest.length) this.#longest = { row: row.row, length, unit };
  }

  #problem(): string | null {
    const [first] = this.#badRows;
    if (first === undefined) return null;
    const name = basename(this.#file);
    if (this.#good === 0) return `No row of ${name} can be used. The first: ${first.message}`;
    const count = this.#badRows.length === 1 ? '1 row' : `${this.#badRows.length} rows`;
    return `${count} of ${name} can't be used. Repair them, or leave them out with --skip-bad-rows. The first: ${first.message}`;
  }

  #goodWeights(): DataReport['weights'] {
    if (this.#labels.desirable === 0 || this.#labels.undesirable === 0) return null;
    const balance = weightBalance(this.#labels, { desirable: 1, undesirable: 1 });
    return balance.balanced ? null : { desirable: balance.desirableWeightRange, undesirable: balance.undesirableWeightRange };
  }
}
