/** @file Chats, their messages, and votes on them. */
import type { Migration } from './migration.ts';

export const chat: Migration = {
  number: 2,
  sql: `
CREATE TABLE chats (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  settings TEXT NOT NULL, -- JSON: models side by side, sampling …
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX chats_of_project ON chats (project_id);

-- A turn is one message of the person, or the answers of all panes to it.
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  turn INTEGER NOT NULL,
  pane INTEGER, -- null: said to all panes
  role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
  content TEXT NOT NULL,
  adapter_id INTEGER REFERENCES adapters (id) ON DELETE SET NULL, -- null: the base model, or an adapter that is gone
  speaker TEXT, -- the model's name as it was shown
  sampling TEXT, -- JSON: seed, temperature …
  state TEXT NOT NULL CHECK (state IN ('complete', 'stopped', 'failed')),
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_at ON messages (chat_id, turn, coalesce(pane, -1));
CREATE INDEX messages_of_adapter ON messages (adapter_id);

-- A thumb on an answer: 1 good, -1 bad.
CREATE TABLE votes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL UNIQUE REFERENCES messages (id) ON DELETE CASCADE,
  value INTEGER NOT NULL CHECK (value IN (-1, 1)),
  row_id INTEGER REFERENCES rows (id) ON DELETE SET NULL, -- the row of a dataset it became
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX votes_of_row ON votes (row_id) WHERE row_id IS NOT NULL;
`,
};
