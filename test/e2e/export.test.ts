/** @file Export in a real browser: a short run is taken away in each form, its adapter brought in again, and the project packed. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
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
const FORMS = [
  ['PEFT adapter', 'kto-1-adapter', /^Verified: loaded again by Prospect, .* differ by at most [\d.e+-]+ nats a token/],
  ['Merged model', 'kto-1-merged', /^Verified: loaded again by Prospect/],
  ['GGUF model', 'kto-1-gguf', /^Verified: loaded again by llama\.cpp/],
  ['GGUF adapter', 'kto-1-gguf-lora', /^Verified: loaded again by llama\.cpp/],
  ['TRL job', 'kto-1-trl-job', /^Folder/],
] as const;

describe.skipIf(noChromium !== null)(`in Chromium${noChromium === null ? '' : ` (${noChromium})`}`, { timeout: 180_000 }, () => {
  let browser: Browser;
  let page: Page;
  let host: StartedHost;
  let out = '';
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await openChromium();
    out = await mkdtemp(join(tmpdir(), 'prospect-out-'));
    const dataDir = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    makeReviewerProject(dataDir, PROJECT, { epochs: 1 });
    host = await startHost(dataDir);
    page = await browser.newPage({ viewport: { width: 1024, height: 700 } });
    complaints = complaintsOf(page.context());
    await page.goto(host.url);
    await page.getByRole('button', { name: PROJECT, exact: true }).click();
  });
  afterAll(async () => {
    await browser.close();
    await host.stop();
    await Promise.all([out, host.dataDir].map((folder) => rm(folder, { recursive: true, force: true })));
  });

  test('a run is exported in every form, each is checked, and what comes back is the same', async () => {
    await goToStep(page, 'Train');
    await page.getByText('Configure', { exact: true }).click();
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('Completed', { exact: true }).waitFor({ timeout: 120_000 });
    await page.getByText('History', { exact: true }).click();
    await page.getByRole('button', { name: 'What to do with KTO 1' }).click();
    await page.getByRole('menuitem', { name: 'Export' }).click();
    await page.getByLabel('Folder to put it in').fill(out);
    const made = page.getByRole('region', { name: 'Exports of this project' });
    for (const [form, name, line] of FORMS) {
      await page
        .getByRole('region', { name: 'As what' })
        .getByRole('radio', { name: new RegExp(`^${form}`) })
        .click();
      await page.getByText(join(out, name), { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      await made.getByRole('button', { name: new RegExp(`^${name} `) }).waitFor({ timeout: 60_000 });
      await made.getByText(line).first().waitFor();
    }
    expect((await readdir(out)).sort()).toEqual(FORMS.map(([, name]) => name).sort());
    expect(await readdir(join(out, 'kto-1-adapter'))).toContain('curves.png');
    const brought = page.getByRole('region', { name: 'Bring in from elsewhere' });
    await brought.getByLabel('Its folder').fill(join(out, 'kto-1-adapter'));
    await brought.getByRole('button', { name: 'Bring in' }).click();
    await brought.getByText('kto-1-adapter was brought in.').waitFor();
    await expect.poll(() => page.getByRole('combobox', { name: 'Adapter' }).inputValue()).toMatch(/^kto-1-adapter · brought in/);
  });

  test('the project is packed, and brought in beside itself', async () => {
    const packed = page.getByRole('region', { name: 'The whole project' });
    await packed.getByLabel('File to write').fill(join(out, 'reviewer.prospect'));
    await packed.getByRole('button', { name: 'Pack project' }).click();
    await packed.getByText(/^The project lies in/).waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Bring in a project…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles(join(out, 'reviewer.prospect'));
    await dialog.getByRole('button', { name: 'Show it' }).click({ timeout: 30_000 });
    await page.getByRole('heading', { name: `${PROJECT} (2)` }).waitFor();
    await goToStep(page, 'Train');
    await page.getByText('History', { exact: true }).click();
    await page.getByRole('table', { name: 'Runs of this project' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'KTO 1', exact: true }).count()).toBe(1);
  });

  test('every part has contrast and names, light and dark', async () => {
    await goToStep(page, 'Export');
    await page.getByRole('region', { name: 'The whole project' }).waitFor();
    // Tooltips of what was pressed last are not part of it.
    await page.mouse.move(0, 0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(300);
      expect([colorScheme, await axeViolations(page)]).toEqual([colorScheme, []]);
    }
    expect(complaints).toEqual([]);
  });
});
