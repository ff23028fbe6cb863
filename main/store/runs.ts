/** @file Runs: what was asked for, how far it is, and the queue of those that wait. */
import { StoreError } from '#contract/errors.ts';
import { readJsonObject, readOptionalJsonObject, writeOptionalJson, type JsonObject } from './json-column.ts';
import { notFound } from './not-found.ts';
import type { Store } from './store.ts';

export type RunStatus = 'queued' | 'running' | 'paused' | 'interrupted' | 'stopped' | 'completed' | 'failed';

export interface Run {
  readonly id: number;
  readonly projectId: number;
  /** Null if the dataset, split or model was deleted: a run outlives them. */
  readonly versionId: number | null;
  readonly splitId: number | null;
  readonly modelId: number | null;
  /** The adapter it began with. Null if that was deleted, or if it began with a fresh one: then there is no name either. */
  readonly initialAdapterId: number | null;
  readonly initialAdapterName: string | null;
  readonly name: string;
  /** `kto`, `dpo` … */
  readonly method: string;
  readonly settings: JsonObject;
  readonly status: RunStatus;
  /** Ascending among those that are queued; null for all others. */
  readonly queuePosition: number | null;
  /** As toStoredPath gives it. */
  readonly folder: string;
  /** What computes it; before it begins, what was asked for. */
  readonly engine: string;
  readonly lastStep: number;
  readonly totalSteps: number | null;
  readonly createdAt: number;
  /** When it began for the first time. */
  readonly startedAt: number | null;
  /** When it ended, if it has. */
  readonly endedAt: number | null;
  /** Why it failed: code, message, details. */
  readonly error: JsonObject | null;
}

export type NewRun = Pick<
  Run,
  'projectId' | 'versionId' | 'splitId' | 'modelId' | 'name' | 'method' | 'settings' | 'folder' | 'engine' | 'totalSteps'
> &
  Partial<Pick<Run, 'initialAdapterId' | 'initialAdapterName'>>;

const COLUMNS = `id, project_id AS projectId, dataset_version_id AS versionId, split_id AS splitId, model_id AS modelId, name, method, settings,
  status, queue_position AS queuePosition, folder, engine, last_step AS lastStep, total_steps AS totalSteps, created_at AS createdAt,
  started_at AS startedAt, ended_at AS endedAt, error, initial_adapter_id AS initialAdapterId, initial_adapter_name AS initialAdapterName`;
const LAST_IN_QUEUE = '(SELECT coalesce(max(queue_position), 0) + 1 FROM runs WHERE queue_position IS NOT NULL)';

/** What may follow what; `completed` is the end. */
const NEXT: { readonly [Status in RunStatus]: readonly RunStatus[] } = {
  queued: ['running', 'stopped', 'failed'],
  running: ['paused', 'interrupted', 'stopped', 'completed', 'failed'],
  paused: ['queued', 'running', 'interrupted', 'stopped', 'failed'],
  // Completed: its process went on alone to the end, after the program that watched it was gone.
  interrupted: ['queued', 'running', 'stopped', 'completed', 'failed'],
  stopped: ['queued', 'running'],
  failed: ['queued', 'running'],
  completed: [],
};
const ENDED: ReadonlySet<RunStatus> = new Set(['interrupted', 'stopped', 'completed', 'failed']);

/** Puts a run at the end of the queue. */
export function createRun(store: Store, run: NewRun): Run {
  const values = { initialAdapterId: null, initialAdapterName: null, ...run, settings: JSON.stringify(run.settings), now: store.now() };
  const row = store.write(() =>
    store.get(
      `INSERT INTO runs (project_id, dataset_version_id, split_id, model_id, name, method, settings, status, queue_position, folder, engine,
         last_step, total_steps, created_at, initial_adapter_id, initial_adapter_name)
       VALUES (:projectId, :versionId, :splitId, :modelId, :name, :method, :settings, 'queued', ${LAST_IN_QUEUE}, :folder, :engine,
         0, :totalSteps, :now, :initialAdapterId, :initialAdapterName)
       RETURNING ${COLUMNS}`,
      values,
    ),
  );
  return toRun(row as RunColumns);
}

export function getRun(store: Store, id: number): Run | null {
  const row = store.get(`SELECT ${COLUMNS} FROM runs WHERE id = ?`, [id]) as RunColumns | undefined;
  return row ? toRun(row) : null;
}

/** Newest first. */
export function listRuns(store: Store, projectId: number): Run[] {
  return (store.all(`SELECT ${COLUMNS} FROM runs WHERE project_id = ? ORDER BY id DESC`, [projectId]) as RunColumns[]).map(toRun);
}

/** Of all projects, in the order in which they will run. */
export function listQueue(store: Store): Run[] {
  const rows = store.all(`SELECT ${COLUMNS} FROM runs WHERE queue_position IS NOT NULL ORDER BY queue_position, id`);
  return (rows as RunColumns[]).map(toRun);
}

/** Puts a queued run before another one, or (null) at the end. @throws {StoreError} `conflict` if either is not queued */
export function moveInQueue(store: Store, runId: number, before: number | null): void {
  store.write(() => {
    const order = listQueue(store).map(({ id }) => id);
    const others = order.filter((id) => id !== runId);
    const place = before === null ? others.length : others.indexOf(before);
    if (others.length === order.length || place < 0) {
      throw new StoreError('The run (or the one it should come before) is not in the queue any more.', { reason: 'conflict' });
    }
    const moved = others.toSpliced(place, 0, runId);
    moved.forEach((id, index) => store.run('UPDATE runs SET queue_position = ? WHERE id = ?', [index + 1, id]));
  });
}

/**
 * What happened to a run, on the disk when it returns. Setting the status it has changes nothing but the error.
 * @throws {StoreError} `not-found`, or `conflict` if that can't follow the status it has
 */
export function setRunStatus(store: Store, id: number, status: RunStatus, error: JsonObject | null = null): Run {
  return store.writeDurably(() => {
    const run = getRun(store, id);
    if (!run) throw notFound('run', id);
    if (status !== run.status && !NEXT[run.status].includes(status)) {
      throw new StoreError(`Run “${run.name}” is ${run.status}, so it can't become ${status}.`, { reason: 'conflict' });
    }
    const row = store.get(
      `UPDATE runs SET status = :status, error = :error, started_at = :startedAt, ended_at = :endedAt,
         queue_position = CASE WHEN :status = 'queued' THEN coalesce(queue_position, ${LAST_IN_QUEUE}) END
       WHERE id = :id RETURNING ${COLUMNS}`,
      {
        id,
        status,
        error: writeOptionalJson(error),
        startedAt: run.startedAt ?? (status === 'running' ? store.now() : null),
        endedAt: ENDED.has(status) ? (run.endedAt ?? store.now()) : null,
      },
    );
    return toRun(row as RunColumns);
  });
}

/** How far a run is; `totalSteps` once it is known. */
export function recordProgress(
  store: Store,
  { runId, lastStep, totalSteps }: { runId: number; lastStep: number; totalSteps: number },
): void {
  store.write(() => store.run('UPDATE runs SET last_step = ?, total_steps = ? WHERE id = ?', [lastStep, totalSteps, runId]));
}

/** What computes a run, which is known when it begins. */
export function recordEngine(store: Store, runId: number, engine: string): void {
  store.write(() => store.run('UPDATE runs SET engine = ? WHERE id = ?', [engine, runId]));
}

/** For the start of the program, when no run can be running or held in memory: their process went with the last one. @returns what was interrupted */
export function interruptRunningRuns(store: Store): Run[] {
  return store.writeDurably(() => {
    const rows = store.all(`SELECT id FROM runs WHERE status IN ('running', 'paused') ORDER BY id`) as readonly { readonly id: number }[];
    return rows.map(({ id }) => setRunStatus(store, id, 'interrupted'));
  });
}

interface RunColumns extends Omit<Run, 'settings' | 'error'> {
  readonly settings: string;
  readonly error: string | null;
}

function toRun({ settings, error, ...row }: RunColumns): Run {
  return { ...row, settings: readJsonObject(settings, 'runs.settings'), error: readOptionalJsonObject(error, 'runs.error') };
}
