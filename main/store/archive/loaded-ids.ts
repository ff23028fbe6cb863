/** @file New ids for rows from outside: each table's are moved as a whole, into a range that nothing else gets. */
import { FormatError } from '#contract/errors.ts';
import type { JsonValue } from '#store/json-column.ts';
import type { Store } from '#store/store.ts';

/** Ids never run out, and stay numbers that JavaScript can hold. */
const MAX_ID = 1e12;

interface Range {
  /** Added to an old id. */
  readonly shift: number;
  readonly max: number;
}

export class LoadedIds {
  readonly #ranges = new Map<string, Range>();

  /** Inside a write. @throws {FormatError} if a table's highest id can't be one */
  constructor(store: Store, maxIds: Readonly<Record<string, number>>) {
    for (const [table, max] of Object.entries(maxIds)) {
      if (!Number.isInteger(max) || max < 0 || max > MAX_ID)
        throw new FormatError(`${table} has ids up to ${max}, which can not be.`, { file: table });
      const row = store.get('SELECT seq FROM sqlite_sequence WHERE name = ?', [table]) as { readonly seq: number } | undefined;
      const shift = row?.seq ?? 0;
      this.#ranges.set(table, { shift, max });
      if (row) store.run('UPDATE sqlite_sequence SET seq = ? WHERE name = ?', [shift + max, table]);
      else store.run('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', [table, max]);
    }
  }

  /** @param of - the table whose row says it @throws {FormatError} if it is none of the table's ids */
  require(of: string, table: string, id: JsonValue): number {
    const found = this.find(table, id);
    if (found === null)
      throw new FormatError(`A row of ${of} names ${table} ${JSON.stringify(id)}, which can not be there.`, { file: of, field: table });
    return found;
  }

  /** Null if it is none of the table's ids. */
  find(table: string, id: JsonValue): number | null {
    const range = this.#ranges.get(table);
    if (!range || typeof id !== 'number' || !Number.isInteger(id) || id < 1 || id > range.max) return null;
    return id + range.shift;
  }
}
