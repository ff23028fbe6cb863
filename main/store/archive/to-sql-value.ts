/** @file The way back from a dumped value to one of SQLite, checked against the column. */
import { FormatError } from '#contract/errors.ts';
import type { JsonValue } from '#store/json-column.ts';
import type { SqlValue } from '#store/store.ts';
import type { Column } from './table-shape.ts';

const [LOWEST, HIGHEST] = [-(2n ** 63n), 2n ** 63n - 1n];
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/** @throws {FormatError} if the column can't hold it */
export function toSqlValue(table: string, { name, type, isRequired }: Column, value: JsonValue): SqlValue {
  const found = value === null ? null : convert(type, value);
  if (found === undefined || (found === null && isRequired)) {
    throw new FormatError(`A row of ${table} has ${short(value)} in ${name}, where ${type} is expected.`, { file: table, field: name });
  }
  return found;
}

function convert(type: Column['type'], value: JsonValue): SqlValue | undefined {
  switch (type) {
    case 'TEXT':
      return typeof value === 'string' ? value : undefined;
    case 'REAL':
      if (value === 'Infinity' || value === '-Infinity') return Number(value);
      return typeof value === 'number' ? value : undefined;
    case 'INTEGER': {
      if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
      if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return undefined;
      const number = BigInt(value);
      return number >= LOWEST && number <= HIGHEST ? number : undefined;
    }
    case 'BLOB':
      return typeof value === 'string' && BASE64.test(value) ? Buffer.from(value, 'base64') : undefined;
    default:
      return type satisfies never;
  }
}

function short(value: JsonValue): string {
  return JSON.stringify(value).slice(0, 60);
}
