/**
 * @file An open store: a database with prepared statements and transactions. The functions of the tables take it as their first argument;
 * nothing else speaks SQL.
 */
import type { Database, Statement } from 'better-sqlite3';
import { InternalError, StoreError } from '#contract/errors.ts';
import { asStoreError } from './as-store-error.ts';
import type { DataFolder } from './data-folder.ts';

export type SqlValue = string | number | bigint | null | Uint8Array;
/** In the order of `?`, or by the names behind `:`. */
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;

interface StoreParts {
  readonly folder: DataFolder;
  readonly readOnly: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Lets go of the data folder. */
  readonly release: () => void;
}

export class Store {
  readonly folder: DataFolder;
  readonly readOnly: boolean;
  readonly now: () => number;
  readonly #db: Database;
  readonly #release: () => void;
  /** The SQL is a constant of this program, so there are about a hundred. */
  readonly #statements = new Map<string, Statement>();
  /** Whether commits wait for the disk at the moment. */
  #durable = false;

  constructor(db: Database, { folder, readOnly, now, release }: StoreParts) {
    this.#db = db;
    this.folder = folder;
    this.readOnly = readOnly;
    this.now = now;
    this.#release = release;
  }

  /** The statement, prepared once. Calls on it outside {@link write} don't turn errors into sentences. */
  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#guard(() => this.#db.prepare(sql));
    this.#statements.set(sql, statement);
    return statement;
  }

  /** The first row, as the caller knows the columns to be. */
  get(sql: string, parameters: SqlParameters = []): unknown {
    return this.#guard(() => this.prepare(sql).get(parameters));
  }

  all(sql: string, parameters: SqlParameters = []): unknown[] {
    return this.#guard(() => this.prepare(sql).all(parameters));
  }

  /** @returns how many rows were changed, and the id of the last one inserted */
  run(sql: string, parameters: SqlParameters = []): { readonly changes: number; readonly id: number } {
    return this.#guard(() => {
      const { changes, lastInsertRowid } = this.prepare(sql).run(parameters);
      return { changes, id: Number(lastInsertRowid) };
    });
  }

  pragma(source: string): unknown {
    return this.#guard(() => this.#db.pragma(source, { simple: true }));
  }

  /** All of `work` happens or nothing. It survives the death of this process at once, a power cut a moment later. Nested calls belong to the outer one. */
  write<T>(work: () => T): T {
    if (this.readOnly) {
      throw new StoreError(`The store ${this.folder.database} is open for reading only.`, {
        reason: 'read-only',
        file: this.folder.database,
      });
    }
    return this.#guard(() => this.#db.transaction(work).immediate());
  }

  /** Like {@link write}, but has reached the disk when it returns: for what a person was promised. Inside another write, that one must be durable, too. */
  writeDurably<T>(work: () => T): T {
    if (this.#durable) return this.write(work);
    if (this.#db.inTransaction) throw new InternalError('A durable write is inside one that is not.');
    this.pragma('synchronous = FULL');
    this.#durable = true;
    try {
      return this.write(work);
    } finally {
      this.#durable = false;
      this.pragma('synchronous = NORMAL');
    }
  }

  /** Writes everything into the one database file and lets go of the data folder. */
  close(): void {
    if (!this.#db.open) return;
    try {
      if (!this.readOnly) this.#db.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);');
    } catch {
      // A damaged or full disk was reported by what was done before; the log keeps everything.
    } finally {
      this.#db.close();
      this.#release();
    }
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#db.open ? asStoreError(error, this.folder.database) : new InternalError('The store is closed.', {}, { cause: error });
    }
  }
}
