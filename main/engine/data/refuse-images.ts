/** @file Refuses rows that come with images: the text alone would not be what was answered. */
import { rowError } from './row-place.ts';
import type { RowPlace } from './row-place.ts';

const IMAGE_COLUMNS = ['image', 'images'];

/** @throws {ImportError} if a column of images is filled */
export function refuseImages(fields: Readonly<Record<string, unknown>>, place: RowPlace): void {
  for (const column of IMAGE_COLUMNS) {
    const value = fields[column];
    if (!isFilled(value) || (Array.isArray(value) && value.length === 0)) continue;
    throw rowError(place, column, `has \`${column}\``, 'Only text can be trained on; remove the column or skip the row.');
  }
}

/** False for what a table holds where a row needs nothing. */
export function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
