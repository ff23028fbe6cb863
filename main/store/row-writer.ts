/**
 * @file Writes the rows of a new version. They go in by batches, each a short transaction, so that other writes never wait for a long import;
 * nobody sees them until one small transaction at the end makes the version ready. What a crash leaves is removed when the store opens.
 */
import type { Statement } from 'better-sqlite3';
import { InternalError, StoreError } from '#contract/errors.ts';
import { getDataset, latestVersionOf, requireVersion, type DatasetVersion } from './datasets.ts';
import { writeOptionalJson, type JsonObject } from './json-column.ts';
import { notFound } from './not-found.ts';
import { BLOCK_POSITIONS, recountBlocks } from './row-blocks.ts';
import type { NewRow } from './row-columns.ts';
import type { SqlValue, Store } from './store.ts';

/** Calling SQLite costs more than inserting a short row: this many in one call make it twice as fast, more don't. */
const ROWS_PER_STATEMENT = 32;
/** How many positions are looked at in one transaction when an import is removed: some 20 ms. */
const REMOVED_POSITIONS = 10_000;

export interface NewVersion {
  readonly datasetId: number;
  /** The rows of the newest version stay and new ones come after them, or the new ones take their place. */
  readonly keepRows: boolean;
  readonly origin: JsonObject;
  readonly mapping?: JsonObject | null;
}

export class RowWriter {
  readonly versionId: number;
  readonly #store: Store;
  readonly #datasetId: number;
  readonly #number: number;
  readonly #firstPosition: number;
  readonly #insertMany: Statement;
  readonly #insertOne: Statement;
  #position: number;
  #added = 0;
  #desirable = 0;
  #undesirable = 0;
  #done = false;

  /** @throws {StoreError} `not-found`, or `conflict` while another import into the dataset is under way */
  static begin(store: Store, version: NewVersion): RowWriter {
    return store.write(() => new RowWriter(store, version));
  }

  private constructor(store: Store, { datasetId, keepRows, origin, mapping = null }: NewVersion) {
    if (!getDataset(store, datasetId)) throw notFound('dataset', datasetId);
    refuseWhileImporting(store, datasetId);
    const latest = latestVersionOf(store, datasetId);
    this.#store = store;
    this.#datasetId = datasetId;
    this.#number = (latest?.number ?? 0) + 1;
    this.#firstPosition = this.#position = keepRows ? (latest?.nextPosition ?? 0) : 0;
    this.versionId = store.run(
      `INSERT INTO dataset_versions (dataset_id, number, state, oldest_row_version, next_position, row_count, desirable_count,
         undesirable_count, origin, mapping, created_at)
       VALUES (:datasetId, :number, 'importing', :oldest, :position, :rows, :desirable, :undesirable, :origin, :mapping, :now)`,
      {
        datasetId,
        number: this.#number,
        oldest: keepRows ? (latest?.oldestRowVersion ?? 1) : this.#number,
        position: this.#position,
        rows: keepRows ? (latest?.rowCount ?? 0) : 0,
        desirable: keepRows ? (latest?.desirableCount ?? 0) : 0,
        undesirable: keepRows ? (latest?.undesirableCount ?? 0) : 0,
        origin: JSON.stringify(origin),
        mapping: writeOptionalJson(mapping),
        now: store.now(),
      },
    ).id;
    this.#insertMany = store.prepare(insertSql(ROWS_PER_STATEMENT));
    this.#insertOne = store.prepare(insertSql(1));
  }

  /** How many rows were added so far. */
  get added(): number {
    return this.#added;
  }

  /**
   * One transaction: a thousand to ten thousand short rows take 2-20 ms. Rows keep the order they are given in.
   * @throws {StoreError} after which nothing of `rows` was added
   */
  add(rows: readonly NewRow[]): void {
    if (this.#done) throw new InternalError('Rows were added to an import that has ended.');
    this.#store.write(() => {
      const whole = rows.length - (rows.length % ROWS_PER_STATEMENT);
      for (let start = 0; start < whole; start += ROWS_PER_STATEMENT) {
        this.#insertMany.run(this.#valuesOf(rows, start, start + ROWS_PER_STATEMENT));
      }
      for (let index = whole; index < rows.length; index++) this.#insertOne.run(this.#valuesOf(rows, index, index + 1));
    });
    this.#position += rows.length;
    this.#count(rows);
  }

  /** Keeps a place between rows for one that may come later. @returns its position */
  leaveGap(): number {
    return this.#position++;
  }

  /** One row in a place that was kept, each place once. */
  fillGap(position: number, row: NewRow): void {
    if (this.#done) throw new InternalError('A row was added to an import that has ended.');
    const values: SqlValue[] = [this.#datasetId, position, this.#number];
    pushContent(values, row);
    this.#store.write(() => this.#insertOne.run(values));
    this.#count([row]);
  }

  /** Makes the version ready, and waits until it is on the disk. */
  commit(report: JsonObject | null = null): DatasetVersion {
    if (this.#done) throw new InternalError('An import was ended twice.');
    this.#store.writeDurably(() => {
      const { changes } = this.#store.run(
        `UPDATE dataset_versions SET state = 'ready', next_position = :position, row_count = row_count + :added,
           desirable_count = desirable_count + :desirable, undesirable_count = undesirable_count + :undesirable, report = :report
         WHERE id = :id AND state = 'importing'`,
        {
          id: this.versionId,
          position: this.#position,
          added: this.added,
          desirable: this.#desirable,
          undesirable: this.#undesirable,
          report: writeOptionalJson(report),
        },
      );
      if (changes === 0) throw notFound('dataset', this.#datasetId); // it was deleted meanwhile
      recountBlocks(this.#store, { datasetId: this.#datasetId, version: this.#number, blocks: this.#blocks() });
    });
    this.#done = true;
    return requireVersion(this.#store, this.versionId);
  }

  /**
   * Removes what was added, and the dataset if it has no other version, by pieces between which other writes have their turn: about two
   * seconds for a million short rows. Does nothing after {@link commit}.
   */
  async abort(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    const unfinished = { id: this.versionId, datasetId: this.#datasetId, number: this.#number };
    const pieces = removeByPieces(this.#store, unfinished);
    while (!pieces.next().done) await new Promise((resolve) => setImmediate(resolve));
  }

  #count(rows: readonly NewRow[]): void {
    this.#added += rows.length;
    for (const { label } of rows) {
      if (label === true) this.#desirable++;
      if (label === false) this.#undesirable++;
    }
  }

  #valuesOf(rows: readonly NewRow[], start: number, end: number): SqlValue[] {
    const values: SqlValue[] = [];
    for (let index = start; index < end; index++) {
      const row = rows[index];
      if (!row) break;
      values.push(this.#datasetId, this.#position + index, this.#number);
      pushContent(values, row);
    }
    return values;
  }

  *#blocks(): Generator<number, void, undefined> {
    for (let block = Math.floor(this.#firstPosition / BLOCK_POSITIONS); block * BLOCK_POSITIONS < this.#position; block++) yield block;
  }
}

/** Adds the columns of a row that say what it holds, as {@link insertSql} names them. */
export function pushContent(values: SqlValue[], row: NewRow): void {
  const { form, promptKey, label, sourceFile, sourceRow, sourceRowId, options, prompt, completion, rejected } = row;
  const truth = label === null ? null : Number(label);
  values.push(form, promptKey, truth, sourceFile, sourceRow, sourceRowId, options, prompt, completion, rejected);
}

/** Parameters for each of `count` rows: dataset, position, first version, and {@link pushContent}. */
export function insertSql(count: number): string {
  const values = Array.from({ length: count }, () => '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ');
  return `INSERT INTO rows (dataset_id, position, first_version, form, prompt_key, label, source_file, source_row, source_row_id, options,
    prompt, completion, rejected) VALUES ${values}`;
}

/** @throws {StoreError} `conflict` */
export function refuseWhileImporting(store: Store, datasetId: number): void {
  if (!store.get(`SELECT 1 FROM dataset_versions WHERE dataset_id = ? AND state = 'importing'`, [datasetId])) return;
  throw new StoreError('Rows are being imported into this dataset. Wait for it, or cancel it, then try again.', { reason: 'conflict' });
}

/** Call when the store opens, when no import can be under way. */
export function removeUnfinishedImports(store: Store): void {
  const versions = store.all(`SELECT id, dataset_id AS datasetId, number FROM dataset_versions WHERE state = 'importing'`);
  for (const version of versions as Unfinished[]) Array.from(removeByPieces(store, version));
}

interface Unfinished {
  readonly id: number;
  readonly datasetId: number;
  readonly number: number;
}

/** Nothing of it is visible while it lasts; if it is interrupted, the next start goes on with it. */
function* removeByPieces(store: Store, { id, datasetId, number }: Unfinished): Generator<void, void, undefined> {
  const { last } = store.get('SELECT coalesce(max(position), -1) AS last FROM rows WHERE dataset_id = ?', [datasetId]) as {
    readonly last: number;
  };
  for (let first = 0; first <= last; first += REMOVED_POSITIONS) {
    const { changes } = store.write(() =>
      store.run('DELETE FROM rows WHERE dataset_id = ? AND position BETWEEN ? AND ? AND first_version = ?', [
        datasetId,
        first,
        first + REMOVED_POSITIONS - 1,
        number,
      ]),
    );
    if (changes > 0) yield;
  }
  store.write(() => {
    store.run(`DELETE FROM dataset_versions WHERE id = ? AND state = 'importing'`, [id]);
    // It was made for this import: no dataset is without a version otherwise.
    store.run('DELETE FROM datasets WHERE id = :datasetId AND NOT EXISTS (SELECT 1 FROM dataset_versions WHERE dataset_id = :datasetId)', {
      datasetId,
    });
  });
}
