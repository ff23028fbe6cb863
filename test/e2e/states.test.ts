/** @file Every screen while it loads and when it fails, and the report of bad rows: contrast, names and words, light and dark. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations } from './support/axe-violations.ts';
import { BROKEN_CSV, dropFile, makeProject } from './support/data-files.ts';
import { holdRequests, type Fate } from './support/hold-requests.ts';
import { noChromium, openChromium } from './support/open-chromium.ts';
import { startHost, type StartedHost } from './support/start-host.ts';
import { makeTrainProject } from './support/train-project.ts';

const PROJECT = 'Reviewer #2';
const STEPS = ['Data', 'Pairs', 'Model', 'Settings', 'Train', 'Chat', 'Compare', 'Export'];

describe.skipIf(noChromium !== null)(`in Chromium${noChromium === null ? '' : ` (${noChromium})`}`, { timeout: 180_000 }, () => {
  let browser: Browser;
  let host: StartedHost;

  beforeAll(async () => {
    browser = await openChromium();
    const dataDir = await mkdtemp(join(tmpdir(), 'prospect-states-'));
    makeTrainProject(dataDir, { name: PROJECT });
    host = await startHost(dataDir);
  });
  afterAll(async () => {
    await browser.close();
    await host.stop();
    await rm(host.dataDir, { recursive: true, force: true });
  });

  async function newPage(): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1024, height: 700 }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(20_000);
    return page;
  }

  test.each<{ fate: Fate; shows: RegExp }>([
    { fate: 'wait', shows: /…|opens after the first run/ },
    { fate: 'fail', shows: /its disk is gone|opens after the first run/ },
  ])('screens whose requests $fate say so, and can be read', async ({ fate, shows }) => {
    const page = await newPage();
    await holdRequests(page, fate);
    await page.goto(host.url);
    await page.getByRole('button', { name: PROJECT, exact: true }).click();
    for (const step of STEPS) {
      await page
        .getByRole('navigation', { name: 'Steps' })
        .getByRole('button', { name: new RegExp(`^${step},`) })
        .click();
      const screen = page.getByRole('region', { name: step, exact: true });
      await screen.getByText(shows).first().waitFor();
      expect([step, await violationsInBothLooks(page)]).toEqual([step, []]);
    }
    for (const [button, dialog] of [
      ['Preferences…', 'Preferences'],
      ['About Prospect', 'About Prospect'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('dialog', { name: dialog }).waitFor();
      expect([dialog, await violationsInBothLooks(page)]).toEqual([dialog, []]);
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.close();
  });

  test('the report of bad rows, the repair of one, and what no program can read can be read', async () => {
    const page = await newPage();
    await page.goto(host.url);
    await makeProject(page, 'Support');
    await dropFile(page, { name: 'notes.docx', content: 'PK\u0003\u0004 not a data file' });
    await page.getByRole('alert').first().waitFor();
    expect(await violationsInBothLooks(page)).toEqual([]);
    await page.reload();
    await dropFile(page, { name: 'ratings.csv', content: BROKEN_CSV });
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('heading', { name: /can not be imported/ }).waitFor();
    expect(await violationsInBothLooks(page)).toEqual([]);
    await page.close();
  });
});

async function violationsInBothLooks(page: Page): Promise<string[]> {
  const found: string[] = [];
  // The tooltip of what was pressed is no part of a screen.
  await page.mouse.move(0, 0);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(200);
    found.push(...(await axeViolations(page)).map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}
