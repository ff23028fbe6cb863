/** @file Runs for tests: a real store in a temporary folder, the real job process, and a model of 2 layers. */
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import type { EventPayload } from '#contract/index.ts';
import type { NewRuns, RunStatus } from '#contract/runs.ts';
import { createActivityList, type ActivityList } from '#host/activity-list.ts';
import { createEventHub } from '#host/event-hub.ts';
import { forkChild } from '#processes/fork-child.ts';
import type { SpawnJob } from '#jobs/job-process.ts';
import { RunSupervisor } from '#runs/supervisor.ts';
import { getEngineChoice } from '#setup/engine-choice.ts';
import { openStore } from '#store/open-store.ts';
import type { NewRow } from '#store/row-columns.ts';
import { getRun, type Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import { importRows, sampleDataset } from '#test/store/sample-store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { SETTINGS, WORKER } from './support-settings.ts';
import { BASE_MODEL, tokenExamples, tokenPairs } from '#test/support/training-runs.ts';

// Real processes, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

type Progressed = EventPayload<'runs.progressed'>;

export interface RunsWorld {
  readonly root: string;
  readonly store: Store;
  readonly runs: RunSupervisor;
  readonly activity: ActivityList;
  readonly projectId: number;
  readonly pairProjectId: number;
  readonly told: Progressed[];
  readonly logged: string[];
  /** Called with each event as it comes. */
  onTold: (told: Progressed) => void;
  status(id: number): RunStatus | undefined;
  /** Waits until a run has one of these. */
  until(id: number, ...statuses: readonly RunStatus[]): Promise<Run>;
  request(change?: Partial<NewRuns>): NewRuns;
  close(): Promise<void>;
}

/** Rows as the store keeps those of token ids. */
export function storedExamples(count: number): NewRow[] {
  return tokenExamples(count).map((row, index) => ({
    ...COMMON,
    promptKey: BigInt(index),
    sourceRow: index + 1,
    prompt: JSON.stringify(row['prompt_ids']),
    completion: JSON.stringify(row['completion_ids']),
    rejected: null,
    label: row['label'] === true,
  }));
}

function storedPairs(count: number): NewRow[] {
  return tokenPairs(count).map((row, index) => ({
    ...COMMON,
    promptKey: BigInt(index),
    sourceRow: index + 1,
    prompt: JSON.stringify(row['prompt_ids']),
    completion: JSON.stringify(row['chosen_ids']),
    rejected: JSON.stringify(row['rejected_ids']),
    label: null,
  }));
}

const UNDER_WAY: ReadonlySet<RunStatus | undefined> = new Set<RunStatus>(['running', 'paused']);

const COMMON = { form: 'tokens', options: null, sourceFile: 0, sourceRowId: null } as const;

export interface WorldOptions {
  /** A data folder that is there already. */
  readonly root?: string;
  /** Of several tests; whoever opens it closes it. */
  readonly inHook?: boolean;
  readonly spawnJob?: SpawnJob;
}

export async function openWorld({ root: given, spawnJob, inHook = false }: WorldOptions = {}): Promise<RunsWorld> {
  const root = given ?? (await temporaryFolder());
  const store = openStore(root);
  const ids = given ? { projectId: 1, pairProjectId: 2 } : fill(store);
  const hub = createEventHub();
  const told: Progressed[] = [];
  const logged: string[] = [];
  const activity = createActivityList();
  const world: { onTold: (event: Progressed) => void } = { onTold: () => undefined };
  hub.subscribe(({ name, payload }) => {
    if (name !== 'runs.progressed') return;
    told.push(payload as Progressed);
    world.onTold(payload as Progressed);
  });
  const runs = new RunSupervisor({
    store,
    cacheDir: join(root, 'cache'),
    spawnJob: spawnJob ?? forkChild(WORKER, (text) => logged.push(text)),
    engineChoice: () => getEngineChoice(store),
    clock: Date.now,
    nowMs: () => performance.now(),
    logger: {
      info: (message) => void logged.push(message),
      warn: (message) => void logged.push(message),
      error: (message, cause) => void logged.push(`${message} ${String(cause)}`),
    },
    emit: hub.emit,
    activity,
  });
  const close = async (): Promise<void> => {
    await runs.close();
    store.close();
  };
  if (!inHook) onTestFinished(close);
  const status = (id: number): RunStatus | undefined => getRun(store, id)?.status;
  return Object.assign(world, {
    root,
    store,
    runs,
    activity,
    ...ids,
    told,
    logged,
    status,
    async until(id: number, ...statuses: readonly RunStatus[]) {
      // Not expect.poll, which is for tests alone.
      const wait = { timeout: 50_000, interval: 20 };
      await vi.waitFor(() => expect(statuses).toContain(status(id)), wait);
      // Its status comes first; then its rows are removed, the next run begins, and the machine may sleep.
      if (!UNDER_WAY.has(status(id))) await vi.waitFor(() => expect(runs.liveOf(id)).toBeNull(), wait);
      return getRun(store, id) as Run;
    },
    request: (change: Partial<NewRuns> = {}): NewRuns => ({
      projectId: ids.projectId,
      methods: ['kto'],
      settings: SETTINGS,
      modelFolder: BASE_MODEL,
      adapterId: null,
      probePrompts: null,
      data: null,
      ...change,
    }),
    close,
  });
}

function fill(store: Store): { projectId: number; pairProjectId: number } {
  const examples = sampleDataset(store, 'example', 'Reviews');
  importRows(store, examples.datasetId, storedExamples(15));
  const pairs = sampleDataset(store, 'pair', 'Pairs');
  importRows(store, pairs.datasetId, storedPairs(15));
  return { projectId: examples.projectId, pairProjectId: pairs.projectId };
}
