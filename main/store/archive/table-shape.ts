/** @file What a table of the database holds, as the database says. */
import type { Store } from '#store/store.ts';

export interface Column {
  readonly name: string;
  readonly type: 'INTEGER' | 'TEXT' | 'REAL' | 'BLOB';
  readonly isRequired: boolean;
  /** Table that it refers to; null if it refers to none. */
  readonly refersTo: string | null;
}

export interface TableShape {
  readonly columns: readonly Column[];
  /** Of the primary key, in its order. */
  readonly key: readonly string[];
  /** Whether its key is one number, given by the database. */
  readonly hasId: boolean;
}

/** Shapes don't change while a store is open. */
const known = new WeakMap<Store, Map<string, TableShape>>();

/** @param table - a name of this program, never of an archive */
export function tableShape(store: Store, table: string): TableShape {
  let shapes = known.get(store);
  if (!shapes) known.set(store, (shapes = new Map<string, TableShape>()));
  const shape = shapes.get(table) ?? readShape(store, table);
  shapes.set(table, shape);
  return shape;
}

interface ColumnInfo {
  readonly name: string;
  readonly type: string;
  readonly isRequired: number;
  readonly pk: number;
}

function readShape(store: Store, table: string): TableShape {
  const infos = store.all('SELECT name, type, "notnull" AND dflt_value IS NULL AS isRequired, pk FROM pragma_table_info(?)', [
    table,
  ]) as readonly ColumnInfo[];
  const references = store.all('SELECT "from" AS column, "table" AS target FROM pragma_foreign_key_list(?)', [table]) as readonly {
    readonly column: string;
    readonly target: string;
  }[];
  const target = new Map(references.map((reference) => [reference.column, reference.target]));
  const key = infos
    .filter(({ pk }) => pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map(({ name }) => name);
  return {
    columns: infos.map(({ name, type, isRequired }) => ({
      name,
      type: type as Column['type'],
      isRequired: isRequired === 1,
      refersTo: target.get(name) ?? null,
    })),
    key,
    hasId: key.length === 1 && key[0] === 'id',
  };
}
