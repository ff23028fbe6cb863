/** @file The first quarter of an hour with Prospect: the sample project is there, and a run of it goes from Start to its end, without a mouse. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations } from './support/axe-violations.ts';
import { goToStep } from './support/data-files.ts';
import { noChromium, openChromium } from './support/open-chromium.ts';
import { startHost, type StartedHost } from './support/start-host.ts';
import { tabTo } from './support/tab-to.ts';
import { makeTrainProject } from './support/train-project.ts';

const PATIENCE = { timeout: 150_000 };

describe.skipIf(noChromium !== null)(`in Chromium${noChromium === null ? '' : ` (${noChromium})`}`, { timeout: 300_000 }, () => {
  let browser: Browser;
  const folders: string[] = [];

  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  async function dataFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'prospect-first-'));
    folders.push(folder);
    return folder;
  }

  async function open(host: StartedHost): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1024, height: 700 } });
    page.setDefaultTimeout(30_000);
    await page.goto(host.url);
    return page;
  }

  test('the sample project is trained from the first launch to the last step, by keyboard alone', async () => {
    const host = await startHost(await dataFolder(), { sample: true });
    const page = await open(host);
    await page.getByRole('button', { name: /Reviewer/ }).waitFor(PATIENCE);
    await tabTo(page, /^Reviewer/);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Steps' }).waitFor();
    await tabTo(page, /Settings, done$/);
    await page.keyboard.press('Enter');
    // One of a group is reached by Tab, the others by arrows.
    await tabTo(page, /^Blog/);
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press('ArrowRight');
    await page.getByRole('radio', { name: /^Quick look/, checked: true }).waitFor();
    await tabTo(page, /^All settings/);
    await page.keyboard.press('Space');
    // In the order of the form: Tab goes around the page else.
    for (const [label, value] of [
      ['Maximum steps', '12'],
      ['Evaluate every', '12'],
      ['Maximum length', '64'],
    ] as const) {
      await tabTo(page, new RegExp(`^${label}`));
      await page.keyboard.press('Control+A');
      await page.keyboard.type(value);
    }
    await tabTo(page, /^Start training/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'KTO 1' }).waitFor();
    await page.getByRole('figure', { name: 'Loss' }).waitFor(PATIENCE);
    await tabTo(page, /^Pause$/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    const held = await stepOf(page);
    await tabTo(page, /^Resume$/);
    await page.keyboard.press('Enter');
    await expect.poll(() => stepOf(page), PATIENCE).toBeGreaterThan(held);
    await page.getByText('Completed', { exact: true }).waitFor(PATIENCE);
    expect(await stepOf(page)).toBe(12);
    await page.getByRole('region', { name: 'Sample answers' }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(300);
      expect(await axeViolations(page)).toEqual([]);
    }
    await page.close();
    expect(await host.stop()).toBe(0);
  });

  test('Ctrl+C during a run saves it and leaves nothing running; it goes on at the next start', async () => {
    const dataDir = await dataFolder();
    makeTrainProject(dataDir, { epochs: 40 });
    const first = await startHost(dataDir);
    const page = await open(first);
    await page.getByRole('button', { name: 'Reviewer #2' }).click();
    await goToStep(page, 'Train');
    await page.getByText('Configure', { exact: true }).click();
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect.poll(() => stepOf(page), PATIENCE).toBeGreaterThan(15);
    const children = childrenOf(first.pid);
    expect(children.length).toBeGreaterThan(0);
    expect(await first.pressCtrlC()).toBe(0);
    expect(children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    const [run = ''] = readdirSync(join(dataDir, 'runs'));
    const record = JSON.parse(readFileSync(join(dataDir, 'runs', run, 'run.json'), 'utf8')) as { status: string; steps: { done: number } };
    expect(record.status).toBe('stopped');
    await page.close();

    const second = await startHost(dataDir);
    const again = await open(second);
    await again.getByRole('button', { name: 'Reviewer #2' }).click();
    await goToStep(again, 'Train');
    await again.getByText('Current run', { exact: true }).click();
    await again.getByText(`Resume goes on after step ${record.steps.done}.`).waitFor();
    await again.getByRole('button', { name: 'Resume' }).click();
    await again.getByText('Completed', { exact: true }).waitFor(PATIENCE);
    await again.close();
    expect(await second.stop()).toBe(0);
  });
});

async function stepOf(page: Page): Promise<number> {
  const figures = page.locator('dl[aria-label="Figures"] dd').first();
  const text = (await figures.count()) === 0 ? null : await figures.textContent();
  return Number(text?.split('/')[0]?.replaceAll(',', '') ?? 0);
}

/** Processes that it has started. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
