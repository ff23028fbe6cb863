/** @file A program with a run under way, which kills itself with SIGKILL when the store has so many steps of it: `start-run-and-die.ts FOLDER STEPS`. */
import { join } from 'node:path';
import { createActivityList } from '#host/activity-list.ts';
import { forkChild } from '#processes/fork-child.ts';
import { RunSupervisor } from '#runs/supervisor.ts';
import { readSeries } from '#store/metrics.ts';
import { openStore } from '#store/open-store.ts';
import { BASE_MODEL } from './training-runs.ts';
import { SETTINGS, WORKER } from '#test/runs/support-settings.ts';

const [root = '', steps = '1'] = process.argv.slice(2);
const store = openStore(root);
const none = (): void => undefined;
const runs = new RunSupervisor({
  store,
  cacheDir: join(root, 'cache'),
  spawnJob: forkChild(WORKER, none),
  engineChoice: () => 'auto',
  clock: Date.now,
  nowMs: () => performance.now(),
  logger: { info: none, warn: none, error: none },
  emit: none,
  activity: createActivityList(),
});
await runs.create({
  projectId: 1,
  methods: ['kto'],
  settings: SETTINGS,
  modelFolder: BASE_MODEL,
  adapterId: null,
  probePrompts: null,
  data: null,
});
setInterval(() => {
  if (readSeries(store, { runId: 1, key: 'loss' }).length >= Number(steps)) process.kill(process.pid, 'SIGKILL');
}, 5);
