/**
 * @file Writes a project from rows that come from outside. Ids are moved into ranges that are set aside at the beginning, so that no row can
 * refer to another project's; types, checks and references are those of the tables. Nobody sees the project before it is whole.
 */
import { FormatError } from '#contract/errors.ts';
import { createProject } from '#store/projects.ts';
import type { JsonValue } from '#store/json-column.ts';
import type { SqlValue, Store } from '#store/store.ts';
import { checkLoadedData } from './check-loaded-data.ts';
import type { DumpedRow } from './dump-project.ts';
import { LoadedIds } from './loaded-ids.ts';
import { ID_NAMES, OWNER_TABLES, PROJECT_TABLES, type ProjectTable } from './project-tables.ts';
import { countBlocksAgain } from './count-blocks.ts';
import { tableShape, type Column } from './table-shape.ts';
import { toSqlValue } from './to-sql-value.ts';
import { markUnfinished, removeUnfinishedProject } from './unfinished-projects.ts';

export interface NewLoadedProject {
  readonly name: string;
  readonly notes: string;
  /** Highest id by table; others have no rows. */
  readonly maxIds: Readonly<Record<string, number>>;
  /** Ids of models: in the archive, and here. */
  readonly models: ReadonlyMap<number, number>;
  /** From a path in the archive to one in the data folder. @throws {FormatError} */
  readonly toStoredPath: (path: string) => string;
}

/** What a run is that was under way, or waited, where the archive was made. */
const STATUS = new Map([
  ['queued', 'stopped'],
  ['running', 'interrupted'],
  ['paused', 'interrupted'],
]);

interface LateReference {
  readonly table: string;
  readonly column: string;
  readonly id: number;
  readonly value: number;
}

export class ProjectLoader {
  readonly projectId: number;
  readonly #store: Store;
  readonly #given: NewLoadedProject;
  readonly #ids: LoadedIds;
  readonly #loaded = new Set<string>();
  readonly #late: LateReference[] = [];

  /** @throws {StoreError} `conflict` if the name is taken */
  static begin(store: Store, given: NewLoadedProject): ProjectLoader {
    return store.writeDurably(() => new ProjectLoader(store, given));
  }

  private constructor(store: Store, given: NewLoadedProject) {
    this.#store = store;
    this.#given = given;
    this.projectId = createProject(store, given).id;
    this.#ids = new LoadedIds(store, given.maxIds);
    markUnfinished(store, this.projectId, true);
  }

  /**
   * One transaction. Tables come in the order of PROJECT_TABLES.
   * @throws {FormatError} if a row is not what its table holds @throws {StoreError} if it contradicts another
   */
  addRows(name: string, rows: readonly DumpedRow[]): void {
    const table = PROJECT_TABLES.find((one) => one.name === name) as ProjectTable;
    this.#loaded.add(name);
    const { columns } = tableShape(this.#store, name);
    const insert = this.#store.prepare(
      `INSERT INTO ${name} (${columns.map((column) => column.name).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    this.#store.write(() => {
      for (const row of rows) {
        refuseUnknown(name, row, columns);
        insert.run(columns.map((column) => this.#valueOf(table, column, row)));
      }
    });
  }

  /**
   * The project is whole, and seen from now on.
   * @param keep - what else becomes true at the same moment
   * @throws {FormatError} if its rows contradict what is said of them
   */
  finish(keep: (projectId: number, newId: (table: string, id: number) => number | null) => void): void {
    const { projectId } = this;
    this.#store.writeDurably(() => {
      for (const { table, column, id, value } of this.#late) this.#store.run(`UPDATE ${table} SET ${column} = ? WHERE id = ?`, [value, id]);
      countBlocksAgain(this.#store, projectId);
      checkLoadedData(this.#store, projectId);
      keep(projectId, (table, id) => this.#ids.find(table, id));
      markUnfinished(this.#store, projectId, false);
    });
  }

  /** Nothing is left of it. */
  abort(): void {
    removeUnfinishedProject(this.#store, this.projectId);
  }

  #valueOf(table: ProjectTable, column: Column, row: DumpedRow): SqlValue {
    const { name } = column;
    const value = row[name] ?? null;
    if (table.name === 'runs' && name === 'status') return STATUS.get(textOf(value)) ?? toSqlValue(table.name, column, value);
    if (table.name === 'runs' && name === 'queue_position') return null;
    if (table.name === 'metrics' && name === 'key_id') return this.#metricKey(value);
    if (table.name === 'dataset_versions' && name === 'state') return 'ready';
    if (value === null) return toSqlValue(table.name, column, value);
    if (name === 'id') return this.#ids.require(table.name, table.name, value);
    if (table.name === 'stored_files' && name === 'owner_id')
      return this.#ids.require(table.name, OWNER_TABLES.get(textOf(row['owner_kind'])) ?? '', value);
    if (table.name === 'rows' && name === 'source_row_id') return this.#ids.find('rows', value);
    if (column.refersTo !== null) return this.#reference(table.name, column, row, value);
    if (table.path === name) return this.#given.toStoredPath(textOf(value));
    if (table.json?.includes(name)) return JSON.stringify(this.#withNewIds(parseJson(table.name, name, value)));
    return toSqlValue(table.name, column, value);
  }

  #reference(table: string, { name, refersTo }: Column, row: DumpedRow, value: JsonValue): SqlValue {
    if (refersTo === 'projects') return this.projectId;
    if (refersTo === 'models') return this.#given.models.get(Number(value)) ?? null;
    const id = this.#ids.require(table, refersTo as string, value);
    if (refersTo === table || this.#loaded.has(refersTo as string)) return id;
    this.#late.push({ table, column: name, id: this.#ids.require(table, table, row['id'] ?? null), value: id });
    return null;
  }

  #metricKey(value: JsonValue): number {
    if (typeof value !== 'string' || value.length === 0 || value.length > 200)
      throw new FormatError('A metric has no name.', { file: 'metrics', field: 'key_id' });
    const known = this.#store.get('SELECT id FROM metric_keys WHERE name = ?', [value]) as { readonly id: number } | undefined;
    return known?.id ?? this.#store.run('INSERT INTO metric_keys (name) VALUES (?)', [value]).id;
  }

  /** An id of something that is not in the archive becomes null, or goes from its list. */
  #withNewIds(value: JsonValue): JsonValue {
    if (Array.isArray(value)) return value.map((item: JsonValue) => this.#withNewIds(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const table = Object.hasOwn(ID_NAMES, key) ? ID_NAMES[key] : undefined;
        if (table === undefined) return [key, this.#withNewIds(item)];
        if (Array.isArray(item)) return [key, item.flatMap((id: JsonValue) => this.#ids.find(table, id) ?? [])];
        return [key, typeof item === 'number' ? this.#ids.find(table, item) : item];
      }),
    );
  }
}

/** What is no text is none that is known. */
function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function refuseUnknown(table: string, row: DumpedRow, columns: readonly Column[]): void {
  const names = new Set(columns.map(({ name }) => name));
  const unknown = Object.keys(row).find((name) => !names.has(name));
  if (unknown !== undefined) throw new FormatError(`A row of ${table} has the unknown column ${unknown}.`, { file: table, field: unknown });
}

function parseJson(table: string, column: string, value: JsonValue): JsonValue {
  try {
    const parsed = JSON.parse(textOf(value)) as JsonValue;
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // told below
  }
  throw new FormatError(`A row of ${table} has no JSON in ${column}.`, { file: table, field: column });
}
