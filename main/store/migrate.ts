/** @file Brings the tables of a database to the version this program knows. */
import type { Database } from 'better-sqlite3';
import { InternalError } from '#contract/errors.ts';
import type { Migration } from './migrations/migration.ts';

/** Marks a database as a store of Prospect ("Prsp"), so that another program's is never changed. */
export const APPLICATION_ID = 0x50727370;

/** Version of the tables; 0 for an empty database. */
export function schemaVersionOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.number ?? 0;
}

/**
 * Runs the migrations that `db` does not have, each with its check of foreign keys, all in one transaction: after a failure (or a kill) the
 * database is as it was before the first of them.
 * @throws whatever SQLite says about the migration that failed
 */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  // Off only outside a transaction: a migration that rebuilds a table drops the old one, which must not delete what refers to it.
  db.pragma('foreign_keys = OFF');
  db.pragma('synchronous = FULL');
  try {
    db.transaction(() => {
      for (const migration of migrations) if (migration.number > schemaVersionOf(db)) apply(db, migration);
    }).immediate();
  } finally {
    db.pragma('foreign_keys = ON');
    db.pragma('synchronous = NORMAL');
  }
}

function apply(db: Database, { number, sql }: Migration): void {
  db.exec(sql);
  const broken = db.pragma('foreign_key_check') as readonly { readonly table: string }[];
  if (broken[0]) throw new InternalError(`Migration ${number} leaves rows of ${broken[0].table} that refer to nothing.`);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.pragma(`user_version = ${number}`);
}
