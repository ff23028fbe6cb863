/** @file Which columns some records fill, and how a table of fixed columns holds them. */

/** `messages`: a list of {role, content}; `ids`: a list of whole numbers; `text` also holds anything else, as JSON. */
export type TableColumnType = 'text' | 'boolean' | 'ids' | 'messages';

export interface TableColumn {
  readonly name: string;
  readonly type: TableColumnType;
}

export type TableRecord = Readonly<Record<string, unknown>>;

/** Add every record; then `columns` says what a table needs. */
export class ColumnSurvey {
  readonly #types = new Map<string, Set<TableColumnType>>();

  add(record: TableRecord): void {
    for (const [name, value] of Object.entries(record)) {
      const types = this.#types.get(name) ?? new Set<TableColumnType>();
      types.add(typeOf(value));
      this.#types.set(name, types);
    }
  }

  /** @param order - names in their order; those that no record fills are left out */
  columns(order: readonly string[]): readonly TableColumn[] {
    return order.flatMap((name) => {
      const types = this.#types.get(name);
      if (types === undefined) return [];
      const [only = 'text'] = types;
      return [{ name, type: types.size === 1 ? only : ('text' as const) }];
    });
  }
}

/** A cell of a text column. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function typeOf(value: unknown): TableColumnType {
  if (typeof value === 'boolean') return 'boolean';
  if (!Array.isArray(value)) return 'text';
  if (value.every((item) => typeof item === 'number')) return 'ids';
  return value.every(isPlainMessage) ? 'messages' : 'text';
}

function isPlainMessage(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(
    ([name, item]) => name === 'role' || (name === 'content' && (typeof item === 'string' || item === null)),
  );
}
