/**
 * @file Whether a dataset of a million rows can be scrolled: in real Chromium over the built browser host. Prints how long it takes until the first rows
 * are there, the time between frames while the wheel turns and while the scroll bar is dragged, and how soon rows in the middle have their texts.
 * `node test/bench/rows-bench.ts [rows]`.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Page } from 'playwright-core';
import { importDataset } from '#datasets/import-dataset.ts';
import { inspectSource } from '#datasets/inspect-source.ts';
import { buildIfStale } from '#start/build.ts';
import { openStore } from '#store/open-store.ts';
import { createProject } from '#store/projects.ts';
import { openChromium } from '#test/e2e/support/open-chromium.ts';
import { killHosts, ROOT, spawnHost } from '#test/e2e/support/spawn-host.ts';
import { print, reportFrames } from './frame-times.ts';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const MEASURE_MS = 4000;
const PROJECT = 'Many rows';

const dataDir = await mkdtemp(join(tmpdir(), 'prospect-rows-'));
await fill(dataDir);
buildIfStale(ROOT, (line) => process.stderr.write(`${line}\n`));
const browser = await openChromium();
try {
  const host = await spawnHost(dataDir);
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(host.url);
  const openedMs = performance.now();
  await page.getByRole('button', { name: PROJECT, exact: true }).click();
  await page.getByRole('button', { name: /^Data,/ }).click();
  const grid = page.getByRole('grid', { name: 'Rows' });
  await grid.getByText(textOf(1), { exact: true }).waitFor();
  print('first rows after', `${Math.round(performance.now() - openedMs)} ms`);
  await grid.hover();
  await reportFrames(page, 'the wheel turns', () => turnWheel(page));
  await reportFrames(page, 'the scroll bar is dragged', () => drag(page));
  await grid.focus();
  const askedMs = performance.now();
  await page.keyboard.press('End');
  await grid.getByText(textOf(ROWS), { exact: true }).waitFor();
  print('the last row after', `${Math.round(performance.now() - askedMs)} ms`);
  await host.stop();
} finally {
  await browser.close();
  killHosts();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
}

function textOf(row: number): string {
  return `Answer number ${row}.`;
}

async function fill(folder: string): Promise<void> {
  const path = join(folder, 'rows.jsonl');
  await pipeline(Readable.from(lines()), createWriteStream(path));
  const mapping = (await inspectSource([path])).mappings[0]?.mapping;
  if (mapping === undefined) throw new Error('No mapping was proposed.');
  const store = openStore(folder);
  const { id: projectId } = createProject(store, { name: PROJECT });
  await importDataset(store, { paths: [path], mapping, into: { projectId, name: 'Rows' }, badRows: 'abort' });
  store.close();
}

function* lines(): Generator<string> {
  const line = (row: number): string =>
    JSON.stringify({ prompt: `Question number ${row}?`, completion: textOf(row), label: row % 2 === 0 });
  for (let row = 1; row <= ROWS; row += 10_000) {
    yield `${Array.from({ length: Math.min(10_000, ROWS - row + 1) }, (_, index) => line(row + index)).join('\n')}\n`;
  }
}

async function turnWheel(page: Page): Promise<void> {
  const began = performance.now();
  while (performance.now() - began < MEASURE_MS) {
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(30);
  }
}

/** From the beginning to the end and back, as a hand would. */
async function drag(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const grid = document.querySelector('[role="grid"][aria-label="Rows"]');
    const began = performance.now();
    while (performance.now() - began < ${MEASURE_MS}) {
      const part = ((performance.now() - began) / ${MEASURE_MS / 2}) % 2;
      grid.scrollTop = (part < 1 ? part : 2 - part) * (grid.scrollHeight - grid.clientHeight);
      await new Promise((done) => requestAnimationFrame(done));
    }
  })()`);
}
