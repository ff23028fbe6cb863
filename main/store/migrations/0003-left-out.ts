/** @file Rows that are on neither side of a split. */
import type { Migration } from './migration.ts';

export const leftOut: Migration = {
  number: 3,
  sql: `
ALTER TABLE splits ADD COLUMN left_out_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE splits ADD COLUMN left_out BLOB; -- bits as in held_out; null: none
`,
};
