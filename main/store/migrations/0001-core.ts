/**
 * @file Projects, datasets, runs and their files. Ids are never used again (AUTOINCREMENT), because files and reports name them. Times are
 * milliseconds since 1970, truth is 0 or 1, and columns of JSON say so.
 */
import type { Migration } from './migration.ts';

export const core: Migration = {
  number: 1,
  sql: `
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE projects (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  notes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE models (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  sha256 TEXT,
  facts TEXT NOT NULL, -- JSON: architecture, sizes …
  added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE datasets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('example', 'pair')),
  created_at INTEGER NOT NULL,
  UNIQUE (project_id, name)
) STRICT;

-- A version never changes once it is ready; docs/decisions says how rows belong to versions.
CREATE TABLE dataset_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 1),
  state TEXT NOT NULL CHECK (state IN ('importing', 'ready')),
  oldest_row_version INTEGER NOT NULL, -- rows that began before it were replaced as a whole
  next_position INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  desirable_count INTEGER NOT NULL,
  undesirable_count INTEGER NOT NULL,
  origin TEXT NOT NULL, -- JSON: the file, edit or dataset it came from
  mapping TEXT, -- JSON: columns of the file
  report TEXT, -- JSON: what was found while importing
  created_at INTEGER NOT NULL,
  UNIQUE (dataset_id, number)
) STRICT;
CREATE UNIQUE INDEX dataset_versions_importing ON dataset_versions (dataset_id) WHERE state = 'importing';

-- Belongs to the versions first_version … last_version (null: to the newest, too). completion is a pair's chosen text.
CREATE TABLE rows (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  first_version INTEGER NOT NULL,
  last_version INTEGER,
  form TEXT NOT NULL CHECK (form IN ('text', 'chat', 'tokens')),
  prompt_key INTEGER NOT NULL,
  label INTEGER CHECK (label IN (0, 1)),
  source_file INTEGER,
  source_row INTEGER,
  source_row_id INTEGER, -- the pair an example was made of; not a reference, since it may be gone
  options TEXT,
  prompt TEXT NOT NULL,
  completion TEXT NOT NULL,
  rejected TEXT,
  CHECK ((label IS NULL) <> (rejected IS NULL))
) STRICT;
CREATE INDEX rows_at ON rows (dataset_id, position, first_version, last_version);

-- How many rows a block of positions has from a version on, so that the n-th row of a version is found without counting.
CREATE TABLE row_blocks (
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  block INTEGER NOT NULL,
  version INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  PRIMARY KEY (dataset_id, block, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE splits (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_version_id INTEGER NOT NULL REFERENCES dataset_versions (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  settings TEXT NOT NULL, -- JSON: seed, fraction …
  train_count INTEGER NOT NULL,
  held_out_count INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  held_out BLOB NOT NULL -- one bit a row of the version in its order, lowest bit first
) STRICT;
CREATE INDEX splits_of_version ON splits (dataset_version_id);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  dataset_version_id INTEGER REFERENCES dataset_versions (id) ON DELETE SET NULL,
  split_id INTEGER REFERENCES splits (id) ON DELETE SET NULL,
  model_id INTEGER REFERENCES models (id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  method TEXT NOT NULL,
  settings TEXT NOT NULL, -- JSON
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'paused', 'interrupted', 'stopped', 'completed', 'failed')),
  queue_position INTEGER,
  folder TEXT NOT NULL UNIQUE,
  engine TEXT NOT NULL,
  last_step INTEGER NOT NULL,
  total_steps INTEGER,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  error TEXT, -- JSON
  CHECK ((status = 'queued') = (queue_position IS NOT NULL))
) STRICT;
CREATE INDEX runs_of_project ON runs (project_id);
CREATE INDEX runs_of_version ON runs (dataset_version_id);
CREATE INDEX runs_of_split ON runs (split_id);
CREATE INDEX runs_of_model ON runs (model_id);
CREATE INDEX runs_in_queue ON runs (queue_position) WHERE queue_position IS NOT NULL;

CREATE TABLE metric_keys (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE metrics (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  key_id INTEGER NOT NULL REFERENCES metric_keys (id),
  step INTEGER NOT NULL,
  value REAL, -- null is NaN, which SQLite can't hold
  PRIMARY KEY (run_id, key_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  folder TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  UNIQUE (run_id, step)
) STRICT;

-- run_id null: imported.
CREATE TABLE adapters (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  run_id INTEGER REFERENCES runs (id) ON DELETE CASCADE,
  model_id INTEGER REFERENCES models (id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,
  sha256 TEXT NOT NULL,
  facts TEXT NOT NULL, -- JSON: rank, target modules …
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX adapters_of_project ON adapters (project_id);
CREATE INDEX adapters_of_run ON adapters (run_id);
CREATE INDEX adapters_of_model ON adapters (model_id);

CREATE TABLE reference_caches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  model_id INTEGER REFERENCES models (id) ON DELETE SET NULL,
  key TEXT NOT NULL UNIQUE, -- hash of model, tokenised rows and pairing
  path TEXT NOT NULL UNIQUE,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX reference_caches_of_model ON reference_caches (model_id);

CREATE TABLE stored_files (
  path TEXT PRIMARY KEY,
  sha256 TEXT,
  bytes INTEGER NOT NULL,
  owner_kind TEXT NOT NULL,
  owner_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX stored_files_of_owner ON stored_files (owner_kind, owner_id);
CREATE TRIGGER project_files AFTER DELETE ON projects BEGIN
  DELETE FROM stored_files WHERE owner_kind = 'project' AND owner_id = OLD.id;
END;
CREATE TRIGGER model_files AFTER DELETE ON models BEGIN
  DELETE FROM stored_files WHERE owner_kind = 'model' AND owner_id = OLD.id;
END;
CREATE TRIGGER dataset_files AFTER DELETE ON datasets BEGIN
  DELETE FROM stored_files WHERE owner_kind = 'dataset' AND owner_id = OLD.id;
END;
CREATE TRIGGER run_files AFTER DELETE ON runs BEGIN
  DELETE FROM stored_files WHERE owner_kind = 'run' AND owner_id = OLD.id;
END;
CREATE TRIGGER checkpoint_files AFTER DELETE ON checkpoints BEGIN
  DELETE FROM stored_files WHERE owner_kind = 'checkpoint' AND owner_id = OLD.id;
END;
CREATE TRIGGER adapter_files AFTER DELETE ON adapters BEGIN
  DELETE FROM stored_files WHERE owner_kind = 'adapter' AND owner_id = OLD.id;
END;
CREATE TRIGGER reference_cache_files AFTER DELETE ON reference_caches BEGIN
  DELETE FROM stored_files WHERE owner_kind = 'reference-cache' AND owner_id = OLD.id;
END;
`,
};
