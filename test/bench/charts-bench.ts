/**
 * @file Whether the curves of a long run stay fluid: a run of 100,000 steps with 12 metrics, in real Chromium over the built browser host. Prints how
 * long it takes until every value is there, and the time between frames while new values come ten times a second, while the pointer moves over the
 * charts, while smoothing is changed and while zooming. `node test/bench/charts-bench.ts [steps]`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page, WebSocketRoute } from 'playwright-core';
import type { EventPayload } from '#contract/index.ts';
import { buildIfStale } from '#start/build.ts';
import { writeMetrics } from '#store/metrics.ts';
import { openStore } from '#store/open-store.ts';
import { createProject } from '#store/projects.ts';
import { createRun, recordProgress, setRunStatus } from '#store/runs.ts';
import { openChromium } from '#test/e2e/support/open-chromium.ts';
import { killHosts, ROOT, spawnHost } from '#test/e2e/support/spawn-host.ts';
import { print, reportFrames } from './frame-times.ts';

const STEPS = Number(process.argv[2] ?? 100_000);
const KEYS = [
  'loss',
  'rewards/chosen',
  'rewards/rejected',
  'rewards/margins',
  'kl',
  'grad_norm',
  'learning_rate',
  'logps/chosen',
  'logps/rejected',
  'rewards/accuracies',
  'epoch',
  'train_runtime',
];
const MEASURE_MS = 4000;
const PROJECT = 'Long run';

const dataDir = await mkdtemp(join(tmpdir(), 'prospect-charts-'));
fill(dataDir);
buildIfStale(ROOT, (line) => process.stderr.write(`${line}\n`));
const browser = await openChromium();
try {
  const host = await spawnHost(dataDir);
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  let socket: WebSocketRoute | null = null;
  await page.routeWebSocket(/\/socket$/, (route) => {
    const server = route.connectToServer();
    socket = route;
    route.onMessage((message) => server.send(message));
    server.onMessage((message) => route.send(message));
  });
  await page.goto(host.url);
  const openedMs = performance.now();
  await page.getByRole('button', { name: PROJECT }).click();
  await page.getByRole('button', { name: /^Train,/ }).click();
  await page.getByRole('figure', { name: 'Loss' }).waitFor();
  const firstMs = performance.now() - openedMs;
  await page.getByText(STEPS.toLocaleString('en')).first().waitFor();
  await page.getByRole('figure', { name: 'Loss' }).getByText(lastLoss(), { exact: true }).waitFor({ timeout: 60_000 });
  print('first curves after', `${Math.round(firstMs)} ms`);
  print('every value after', `${Math.round(performance.now() - openedMs)} ms`);
  await reportFrames(page, 'nothing happens', () => page.waitForTimeout(MEASURE_MS));
  await reportFrames(page, 'ten new values a second', () => live(page, () => socket));
  await reportFrames(page, 'pointer moves', () => movePointer(page));
  await reportFrames(page, 'smoothing changes', () => changeSmoothing(page));
  await reportFrames(page, 'zooming', () => zoom(page));
  await host.stop();
} finally {
  await browser.close();
  killHosts();
  await rm(dataDir, { recursive: true, force: true });
}

function valueAt(key: number, step: number): number {
  return Math.sin(step / (3000 + 500 * key)) + 0.2 * Math.sin(step * 12.9898 + key) + Math.exp(-step / 20_000);
}

function lastLoss(): string {
  return valueAt(0, STEPS).toFixed(4);
}

function fill(folder: string): void {
  const store = openStore(folder);
  const projectId = createProject(store, { name: PROJECT }).id;
  const none = { versionId: null, splitId: null, modelId: null };
  const run = createRun(store, {
    ...none,
    projectId,
    name: 'KTO 1',
    method: 'kto',
    settings: {},
    folder: 'runs/long',
    engine: 'onnxruntime/cpu',
    totalSteps: null,
  });
  for (let from = 1; from <= STEPS; from += 10_000) {
    const steps = Array.from({ length: Math.min(10_000, STEPS - from + 1) }, (_, index) => from + index);
    writeMetrics(
      store,
      run.id,
      steps.map((step) => ({
        step,
        values: Object.fromEntries(KEYS.map((key, index) => [key, key === 'epoch' ? step / 10_000 : valueAt(index, step)])),
      })),
    );
  }
  recordProgress(store, { runId: run.id, lastStep: STEPS, totalSteps: STEPS });
  setRunStatus(store, run.id, 'running');
  setRunStatus(store, run.id, 'stopped');
  store.close();
}

/** As main tells of a run whose steps take ten milliseconds. */
async function live(page: Page, socketOf: () => WebSocketRoute | null): Promise<void> {
  let step = STEPS;
  for (let told = 0; told < MEASURE_MS / 100; told++) {
    const steps = Array.from({ length: 10 }, () => ({
      step: ++step,
      values: Object.fromEntries(KEYS.map((key, index) => [key, key === 'epoch' ? step / 10_000 : valueAt(index, step)])),
    }));
    const payload: EventPayload<'runs.progressed'> = {
      runId: 1,
      projectId: 1,
      live: {
        phase: 'Training',
        done: step,
        total: STEPS * 2,
        unit: 'steps',
        perSecond: 100,
        remainingMs: 1000,
        computedMs: 1000,
        step,
        totalSteps: STEPS * 2,
        tokensPerSecond: 1,
        residentBytes: 1,
        peakResidentBytes: 1,
        silentMs: 0,
        asked: null,
      },
      steps,
      goesOnAfterStep: null,
      lines: [],
      samples: [],
    };
    socketOf()?.send(JSON.stringify({ type: 'event', name: 'runs.progressed', payload }));
    await page.waitForTimeout(100);
  }
}

async function movePointer(page: Page): Promise<void> {
  const box = await boxOf(page);
  const began = performance.now();
  for (let at = 0; performance.now() - began < MEASURE_MS; at = (at + 7) % box.width)
    await page.mouse.move(box.x + at, box.y + box.height / 2);
}

async function changeSmoothing(page: Page): Promise<void> {
  await page.getByRole('slider', { name: 'Smoothing' }).focus();
  const began = performance.now();
  for (let count = 0; performance.now() - began < MEASURE_MS; count++)
    await page.keyboard.press(count % 40 < 20 ? 'ArrowRight' : 'ArrowLeft');
}

async function zoom(page: Page): Promise<void> {
  await page.getByRole('application').first().focus();
  const began = performance.now();
  for (let count = 0; performance.now() - began < MEASURE_MS; count++) {
    await page.keyboard.press(count % 16 < 8 ? '+' : '-');
    await page.waitForTimeout(40);
  }
  await page.keyboard.press('Escape');
}

async function boxOf(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  return (await page.getByRole('application').first().boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
}
