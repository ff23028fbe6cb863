/**
 * @file The tables a project consists of, in the order in which their rows can be written. What a table holds is read from the database itself,
 * so that a column of a later version goes into archives without being listed; a test sees to it that every table is here or in {@link NOT_PACKED}.
 */

export interface ProjectTable {
  readonly name: string;
  /** Which rows are the project's, `:projectId`. */
  readonly where: string;
  /** Columns that are not written as they are. */
  readonly as?: Readonly<Record<string, string>>;
  /** Columns of JSON in which ids may stand. */
  readonly json?: readonly string[];
  /** The column of a path in the data folder. */
  readonly path?: string;
}

const DATASETS = 'SELECT id FROM datasets WHERE project_id = :projectId';
const VERSIONS = `SELECT id FROM dataset_versions WHERE dataset_id IN (${DATASETS}) AND state = 'ready' AND id <= :newestVersion`;
const RUNS = 'SELECT id FROM runs WHERE project_id = :projectId';
const CHATS = 'SELECT id FROM chats WHERE project_id = :projectId';
const ADAPTERS = 'SELECT id FROM adapters WHERE project_id = :projectId';
/** Of the versions that were ready when the archive was begun: rows that come meanwhile belong to none of them. */
const NEWEST = `(SELECT max(v.number) FROM dataset_versions v WHERE v.dataset_id = rows.dataset_id AND v.state = 'ready' AND v.id <= :newestVersion)`;

export const PROJECT_TABLES: readonly ProjectTable[] = [
  { name: 'datasets', where: `id IN (SELECT dataset_id FROM dataset_versions WHERE id IN (${VERSIONS}))` },
  { name: 'dataset_versions', where: `id IN (${VERSIONS})`, json: ['origin', 'mapping', 'report'] },
  { name: 'splits', where: `dataset_version_id IN (${VERSIONS})`, json: ['settings'] },
  {
    name: 'rows',
    where: `dataset_id IN (${DATASETS}) AND first_version <= ${NEWEST}`,
    as: { last_version: `CASE WHEN last_version < ${NEWEST} THEN last_version END` },
  },
  { name: 'runs', where: 'project_id = :projectId', json: ['settings', 'error'], path: 'folder' },
  { name: 'metrics', where: `run_id IN (${RUNS})`, as: { key_id: '(SELECT name FROM metric_keys k WHERE k.id = key_id)' } },
  { name: 'checkpoints', where: `run_id IN (${RUNS})`, path: 'folder' },
  { name: 'adapters', where: 'project_id = :projectId', json: ['facts'], path: 'path' },
  { name: 'chats', where: 'project_id = :projectId', json: ['settings'] },
  { name: 'messages', where: `chat_id IN (${CHATS})`, json: ['sampling', 'facts'] },
  { name: 'votes', where: `message_id IN (SELECT id FROM messages WHERE chat_id IN (${CHATS}))` },
  { name: 'comparisons', where: 'project_id = :projectId', json: ['choices'] },
  { name: 'measurements', where: 'project_id = :projectId' },
  { name: 'blind_votes', where: 'project_id = :projectId' },
  {
    name: 'saved_votes',
    where: `vote_id IN (SELECT id FROM blind_votes WHERE project_id = :projectId) AND dataset_id IN (${DATASETS})`,
  },
  {
    name: 'stored_files',
    where: `(owner_kind = 'run' AND owner_id IN (${RUNS})) OR (owner_kind = 'adapter' AND owner_id IN (${ADAPTERS}))
      OR (owner_kind = 'checkpoint' AND owner_id IN (SELECT id FROM checkpoints WHERE run_id IN (${RUNS})))`,
    path: 'path',
  },
];

/** Of all projects or of this machine; row_blocks is counted again, metric_keys go by their names, models are named in the archive's manifest. */
export const NOT_PACKED: readonly string[] = ['settings', 'projects', 'models', 'metric_keys', 'row_blocks', 'reference_caches'];

/** Which table an id in JSON is of, by its name there. */
export const ID_NAMES: Readonly<Record<string, string>> = {
  adapterId: 'adapters',
  adapterIds: 'adapters',
  runId: 'runs',
  runIds: 'runs',
  versionId: 'dataset_versions',
  datasetVersionId: 'dataset_versions',
  splitId: 'splits',
  datasetId: 'datasets',
  chatId: 'chats',
  messageId: 'messages',
};

/** Kinds of owners of files, and their tables. */
export const OWNER_TABLES: ReadonlyMap<string, string> = new Map([
  ['run', 'runs'],
  ['adapter', 'adapters'],
  ['checkpoint', 'checkpoints'],
]);
