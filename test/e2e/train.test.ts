/** @file The Train step in a real browser, on the real engine, store and job process. */
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { axeViolations } from './support/axe-violations.ts';
import { complaintsOf } from './support/complaints.ts';
import { noChromium, openChromium } from './support/open-chromium.ts';
import { startHost, type StartedHost } from './support/start-host.ts';
import { makeTrainProject } from './support/train-project.ts';

/** Long enough to be interfered with. */
const EPOCHS = 24;

describe.skipIf(noChromium !== null)(`in Chromium${noChromium === null ? '' : ` (${noChromium})`}`, { timeout: 180_000 }, () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let host: StartedHost;
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await openChromium();
    const dataDir = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    makeTrainProject(dataDir, { epochs: EPOCHS });
    host = await startHost(dataDir);
  });
  afterAll(async () => {
    await browser.close();
    await host.stop();
    await rm(host.dataDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1024, height: 700 } });
    complaints = complaintsOf(context);
    page = await openTrain();
  });
  afterEach(() => context.close());

  async function openTrain(): Promise<Page> {
    const opened = await context.newPage();
    await opened.goto(host.url);
    await opened.getByRole('button', { name: 'Reviewer #2' }).click();
    await opened.getByRole('button', { name: /^Train,/ }).click();
    return opened;
  }

  async function start(): Promise<string> {
    await page.getByText('Configure', { exact: true }).click();
    await page.getByRole('button', { name: 'Start training' }).click();
    const heading = page.getByRole('heading', { name: /^KTO \d+$/ });
    await heading.waitFor();
    return (await heading.textContent()) ?? '';
  }

  async function stepOf(where: Page): Promise<number> {
    const text = (await where.locator('dl[aria-label="Figures"] dd').first().textContent()) ?? '';
    return Number(text.split('/')[0]?.replaceAll(',', ''));
  }

  function status(where: Page, word: string): Promise<void> {
    return where.getByRole('heading', { level: 2 }).locator('..').getByText(word, { exact: true }).waitFor({ timeout: 90_000 });
  }

  async function reaches(where: Page, step: number): Promise<void> {
    await expect.poll(() => stepOf(where).catch(() => 0), { timeout: 60_000, interval: 50 }).toBeGreaterThanOrEqual(step);
  }

  /** Whether something else than the ground was drawn in the plot of a chart. */
  function drawnPixels(where: Page, title: string): Promise<number> {
    return where
      .getByRole('figure', { name: title })
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        // Read from a copy: a canvas that is read from is drawn without the graphics processor.
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
        copy?.drawImage(canvas, 0, 0);
        const data = copy?.getImageData(70, 0, canvas.width - 70, canvas.height).data ?? [];
        let count = 0;
        // Greens of the line: more green than red.
        for (let at = 0; at < data.length; at += 4) if ((data[at + 3] ?? 0) > 100 && (data[at + 1] ?? 0) > (data[at] ?? 0) + 30) count++;
        return count;
      });
  }

  /** The final bytes of each run's adapter, by the folder's time. */
  function adapters(): string[] {
    const runs = join(host.dataDir, 'runs');
    return readdirSync(runs).map((name) => readFileSync(join(runs, name, 'adapter_model.safetensors'), 'hex'));
  }

  test('a run is started, its curves move, it is paused and resumed, and it is completed; two tabs are in step', async () => {
    const other = await openTrain();
    await page.bringToFront();
    await start();
    await page.getByRole('button', { name: 'Pause' }).click();
    await status(page, 'Paused');
    await page.getByRole('button', { name: 'Resume' }).click();
    await reaches(page, 5);
    await page.getByRole('button', { name: 'Pause' }).click();
    await status(page, 'Paused');
    await expect.poll(() => drawnPixels(page, 'Loss')).toBeGreaterThan(20);
    const before = await drawnPixels(page, 'Loss');
    await other.getByText('Current run', { exact: true }).click();
    await status(other, 'Paused');
    const held = await stepOf(page);
    expect(await stepOf(other)).toBe(held);
    await other.getByRole('button', { name: 'Resume' }).click();
    await reaches(page, held + 20);
    await expect.poll(() => drawnPixels(page, 'Loss')).not.toBe(before);
    await page.reload();
    await page.getByRole('figure', { name: 'Loss' }).waitFor();
    expect(await stepOf(page)).toBeGreaterThan(held);
    await status(page, 'Completed');
    await status(other, 'Completed');
    expect(await stepOf(page)).toBe(await stepOf(other));
    expect(complaints).toEqual([]);
  });

  test('a run that is stopped and saved goes on to the same adapter as one that was not', async () => {
    await start();
    await reaches(page, 30);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop and save' }).click();
    await status(page, 'Stopped');
    const stopped = await stepOf(page);
    await page.getByText(`Resume goes on after step ${stopped}.`).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await status(page, 'Completed');
    const [first, second] = adapters();
    expect(second).toBe(first);
  });

  test('a run whose process is killed is interrupted, says so, and goes on to the same adapter', async () => {
    const name = await start();
    await reaches(page, 30);
    killJobs(host.pid);
    await status(page, 'Interrupted');
    await page
      .getByRole('alert')
      .getByText(/was ended by SIGKILL/)
      .waitFor();
    await expect.poll(() => drawnPixels(page, 'Loss')).toBeGreaterThan(50);
    expect(await page.getByRole('heading', { name }).count()).toBe(1);
    await page.getByRole('button', { name: 'Resume' }).click();
    await status(page, 'Completed');
    expect(new Set(adapters()).size).toBe(1);
  });

  test('charts are read by pointer and keyboard, zoomed together, and taken away', async () => {
    const loss = page.getByRole('figure', { name: 'Loss' });
    await loss.waitFor();
    const plot = loss.getByRole('application');
    const box = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const stepText = page.getByRole('figure', { name: 'Rewards' }).getByText(/^step \d+$/);
    await stepText.waitFor();
    await page.mouse.down();
    await page.mouse.move(box.x + 0.75 * box.width, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    const whole = page.getByRole('button', { name: 'Whole run' });
    await expect.poll(() => whole.isEnabled()).toBe(true);
    await whole.click();
    await plot.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await stepText.waitFor();
    await page.keyboard.press('+');
    await expect.poll(() => whole.isEnabled()).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => whole.isEnabled()).toBe(false);
    const csv = await download(() => page.getByRole('button', { name: 'All numbers (CSV)' }).click());
    const lines = readFileSync(csv, 'utf8').trim().split('\n');
    expect(lines[0]).toMatch(/^step,.*\bloss\b/);
    expect(lines).toHaveLength(1 + EPOCHS * 18);
    const png = await download(async () => {
      await loss.getByRole('button', { name: 'Save “Loss”' }).click();
      await page.getByRole('menuitem', { name: 'Picture (PNG)' }).click();
    });
    expect(readFileSync(png).subarray(1, 4).toString()).toBe('PNG');
    expect(complaints).toEqual([]);
  });

  async function download(click: () => Promise<void>): Promise<string> {
    const [file] = await Promise.all([page.waitForEvent('download'), click()]);
    return file.path();
  }

  test('every part has contrast and names, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const tab of ['Configure', 'Current run', 'History']) {
        await page.getByText(tab, { exact: true }).click();
        // What is scrolled out of sight is not looked at.
        if (tab === 'Current run') await page.locator('[data-kind="warning"]').first().scrollIntoViewIfNeeded();
        await page.waitForTimeout(300);
        expect([colorScheme, tab, await axeViolations(page)]).toEqual([colorScheme, tab, []]);
      }
    }
  });

  test('a run is deleted with its files', async () => {
    await page.getByText('History', { exact: true }).click();
    await page.getByRole('button', { name: 'What to do with KTO 1' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'KTO 1', exact: true }).waitFor({ state: 'detached' });
    expect(readdirSync(join(host.dataDir, 'runs'))).toHaveLength(2);
  });
});

/** Every process that a host has started, at once. */
function killJobs(hostPid: number): void {
  const children = readFileSync(`/proc/${hostPid}/task/${hostPid}/children`, 'utf8').trim().split(' ');
  for (const pid of children) process.kill(Number(pid), 'SIGKILL');
}
