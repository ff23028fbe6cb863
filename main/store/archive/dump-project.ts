/** @file Gives the rows of a project's tables as plain values, a few at a time: other writes have their turn in between. */
import { notFound } from '#store/not-found.ts';
import type { SqlValue, Store } from '#store/store.ts';
import { PROJECT_TABLES, type ProjectTable } from './project-tables.ts';
import { tableShape, type TableShape } from './table-shape.ts';

/** A few milliseconds of reading, and a few megabytes where rows are long. */
const ROWS_AT_ONCE = 500;

/** By the names of its columns. 64-bit numbers that JavaScript can't hold are texts of digits, bytes are base64, what is no number is its name. */
export type DumpedRow = Readonly<Record<string, string | number | null>>;

export interface ProjectSnapshot {
  readonly store: Store;
  readonly projectId: number;
  /** Id of the newest version that was ready when the dump was begun. */
  readonly newestVersion: number;
  /** Tables that are left out; what refers to them is null. */
  readonly leftOut: ReadonlySet<string>;
}

/** @throws {StoreError} `not-found` */
export function snapshotProject(store: Store, projectId: number, leftOut: ReadonlySet<string>): ProjectSnapshot {
  if (!store.get('SELECT 1 FROM projects WHERE id = ?', [projectId])) throw notFound('project', projectId);
  const { newest } = store.get(`SELECT coalesce(max(id), 0) AS newest FROM dataset_versions WHERE state = 'ready'`) as { newest: number };
  return { store, projectId, newestVersion: newest, leftOut };
}

/** Names of the tables that are dumped, in the order in which they are loaded. */
export function dumpedTables({ leftOut }: Pick<ProjectSnapshot, 'leftOut'>): readonly string[] {
  return PROJECT_TABLES.map(({ name }) => name).filter((name) => !leftOut.has(name));
}

/** In the order of its key, by batches. */
export function* dumpTable(snapshot: ProjectSnapshot, name: string): Generator<readonly DumpedRow[], void, undefined> {
  const table = PROJECT_TABLES.find((one) => one.name === name) as ProjectTable;
  const shape = tableShape(snapshot.store, name);
  const statement = snapshot.store.prepare(selectSql(table, shape, snapshot)).safeIntegers(true);
  const around = { projectId: snapshot.projectId, newestVersion: snapshot.newestVersion, limit: ROWS_AT_ONCE };
  let after: Record<string, SqlValue> = Object.fromEntries(shape.key.map((column, index) => [`key${index}`, lowest(shape, column)]));
  for (;;) {
    const rows = statement.all({ ...around, ...after }) as readonly Readonly<Record<string, SqlValue>>[];
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map((row) => Object.fromEntries(shape.columns.map(({ name: column }) => [column, toJson(row[column] ?? null)])));
    after = Object.fromEntries(shape.key.map((_, index) => [`key${index}`, last[`key_${index}`] ?? null]));
  }
}

function selectSql({ name, where, as = {} }: ProjectTable, { columns, key }: TableShape, { leftOut }: ProjectSnapshot): string {
  const selected = columns.map(({ name: column, refersTo }) => {
    if (refersTo !== null && leftOut.has(refersTo)) return `NULL AS ${column}`;
    return as[column] === undefined ? column : `${as[column]} AS ${column}`;
  });
  const keys = key.map((column, index) => `${name}.${column} AS key_${index}`);
  const place = `(${key.map((column) => `${name}.${column}`).join(', ')}) > (${key.map((_, index) => `:key${index}`).join(', ')})`;
  // Every parameter is named once, whether or not the table needs it.
  return `SELECT ${[...selected, ...keys].join(', ')} FROM ${name} WHERE (${where}) AND :projectId = :projectId
    AND :newestVersion = :newestVersion AND ${place} ORDER BY ${key.map((column) => `${name}.${column}`).join(', ')} LIMIT :limit`;
}

function lowest({ columns }: TableShape, column: string): SqlValue {
  return columns.find(({ name }) => name === column)?.type === 'TEXT' ? '' : -1n;
}

function toJson(value: SqlValue): string | number | null {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
