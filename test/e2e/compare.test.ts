/** @file Compare in a real browser, on the real engine: two short runs, measured, voted on without names, and a vote becomes a row. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations } from './support/axe-violations.ts';
import { goToStep } from './support/data-files.ts';
import { complaintsOf } from './support/complaints.ts';
import { noChromium, openChromium } from './support/open-chromium.ts';
import { startHost, type StartedHost } from './support/start-host.ts';
import { makeReviewerProject } from './support/train-project.ts';

const PROJECT = 'Reviewer #2';
/** Fast enough that two steps of DPO and four of KTO answer differently. */
const SETTINGS = { per_device_train_batch_size: 8, num_train_epochs: 1, learning_rate: 2e-2, logging_steps: 1, eval_steps: 10 };
/** Training, measuring and answering, on a machine that may be busy. */
const PATIENCE_MS = 90_000;

describe.skipIf(noChromium !== null)(`in Chromium${noChromium === null ? '' : ` (${noChromium})`}`, { timeout: 2 * PATIENCE_MS }, () => {
  let browser: Browser;
  let host: StartedHost;
  let page: Page;
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await openChromium();
    const dataDir = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    makeReviewerProject(dataDir, PROJECT, { rows: 24, heldOutEvery: 3, methods: ['kto', 'dpo'], settings: SETTINGS });
    host = await startHost(dataDir);
    page = await browser.newPage({ viewport: { width: 1024, height: 700 }, reducedMotion: 'reduce' });
    complaints = complaintsOf(page.context());
  });
  afterAll(async () => {
    await browser.close();
    await host.stop();
    await rm(host.dataDir, { recursive: true, force: true });
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  /** Whose answer is on the left must not be told by the page before the end. */
  const booth = () => page.getByRole('group', { name: 'Blind vote' });

  test('both methods are trained and land in Compare, are measured and voted on, and a vote becomes a row', async () => {
    await page.goto(host.url);
    await button(PROJECT).click();
    await goToStep(page, 'Train');
    await page.getByText('Configure', { exact: true }).click();
    await button('Start both runs').click();
    await button('Compare these two').click({ timeout: PATIENCE_MS });

    await page.getByRole('checkbox', { name: 'Compare KTO 1', checked: true }).waitFor();
    await page.getByRole('checkbox', { name: 'Compare DPO 1', checked: true }).waitFor();
    // Curves and settings are there at once.
    await page
      .getByRole('figure', { name: 'Loss' })
      .getByText(/^DPO 1/)
      .first()
      .waitFor();
    await page.getByRole('table', { name: 'Settings' }).getByText('sigmoid').waitFor();
    await button('Measure').click();
    const figures = page.getByRole('table', { name: 'On held-out pairs' });
    await figures.waitFor({ timeout: PATIENCE_MS });
    expect(await figures.getByRole('row').count()).toBe(11);
    await page.getByText(/^On 8 held-out pairs /).waitFor();

    await button('Vote').click({ timeout: PATIENCE_MS });
    await booth().waitFor();
    expect(await booth().textContent()).not.toMatch(/KTO|DPO/);
    await page.keyboard.press('1');
    await page.getByText(/^Prompt 2 of \d$/).waitFor();
    await button('Show names and tally now').click();
    const tally = page.getByRole('group', { name: 'Tally' });
    await tally.getByText(/ won once, /).waitFor();
    await button('Save votes as rows').click();
    await tally.getByText('1 row was added to “Blind votes”, now version 1. It is in Data like any other dataset.').waitFor();

    const [file] = await Promise.all([page.waitForEvent('download'), saveReport()]);
    expect(file.suggestedFilename()).toBe('KTO-1-vs-DPO-1.html');
    expect(await readFile(await file.path(), 'utf8')).toMatch(/<svg .*Blind votes|Blind votes.*<svg /s);

    expect(await axeViolations(page)).toEqual([]);
    await goToStep(page, 'Data');
    await page.getByRole('combobox', { name: 'Dataset' }).click();
    await page.getByRole('option', { name: 'Blind votes', exact: true }).click();
    await expect.poll(() => page.getByRole('combobox', { name: 'Version' }).inputValue()).toMatch(/\b1 row\b/);
    await goToStep(page, 'Compare');
    // Known at once.
    await figures.waitFor({ timeout: 5000 });
    expect(await button('Measure').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  async function saveReport(): Promise<void> {
    await button('Save report').click();
    await page.getByRole('menuitem', { name: 'Web page (HTML, opens offline)' }).click();
  }
});
