/** @file What is known of an answer beside its text, why it was voted on as it was, and the adapter that a run began with. */
import type { Migration } from './migration.ts';

export const feedback: Migration = {
  number: 4,
  sql: `
ALTER TABLE messages ADD COLUMN facts TEXT; -- JSON: tokens, speed, why it ended …; null: not an answer
ALTER TABLE votes ADD COLUMN reason TEXT; -- in the person's words
ALTER TABLE runs ADD COLUMN initial_adapter_id INTEGER REFERENCES adapters (id) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN initial_adapter_name TEXT; -- null: a fresh one; kept when the adapter is deleted
CREATE INDEX runs_from_adapter ON runs (initial_adapter_id);
`,
};
