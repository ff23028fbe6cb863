/** @file A record as JSON text, whatever its file held. */

/** Parquet holds whole numbers that JSON has not; they are shown rounded. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)) ?? '';
}
