/** @file Runs side by side: what is compared, what was measured, and blind votes. */
import type { Migration } from './migration.ts';

export const comparisons: Migration = {
  number: 5,
  sql: `
CREATE TABLE comparisons (
  project_id INTEGER PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
  choices TEXT NOT NULL -- JSON: runs, held-out pairs, how they are measured
) STRICT;

-- What was computed of an adapter (or the base model), under a hash of everything it follows from: it is never stale, and can be computed again.
CREATE TABLE measurements (
  project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  run_id INTEGER REFERENCES runs (id) ON DELETE CASCADE, -- null: the base model
  value TEXT NOT NULL, -- JSON
  created_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX measurements_of_run ON measurements (run_id);

-- Two answers to the same prompt, compared without knowing whose they are: 1 the first is better, 0 equal, -1 the second.
CREATE TABLE blind_votes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  first_run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  second_run_id INTEGER REFERENCES runs (id) ON DELETE CASCADE, -- null: the base model
  key TEXT NOT NULL, -- hash of prompt and answers
  form TEXT NOT NULL CHECK (form IN ('text', 'chat')),
  options TEXT, -- as in rows
  prompt TEXT NOT NULL, -- as in rows
  first_answer TEXT NOT NULL,
  second_answer TEXT NOT NULL,
  value INTEGER NOT NULL CHECK (value IN (-1, 0, 1)),
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX blind_votes_on ON blind_votes (first_run_id, coalesce(second_run_id, -1), key);
CREATE INDEX blind_votes_of_project ON blind_votes (project_id);
CREATE INDEX blind_votes_against ON blind_votes (second_run_id) WHERE second_run_id IS NOT NULL;

-- Votes that became rows of a dataset, and would otherwise become them twice.
CREATE TABLE saved_votes (
  vote_id INTEGER NOT NULL REFERENCES blind_votes (id) ON DELETE CASCADE,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  PRIMARY KEY (vote_id, dataset_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX saved_votes_of_dataset ON saved_votes (dataset_id);
`,
};
