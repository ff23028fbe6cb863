/** @file From a file to what is trained on, as a person does it in a real browser: over the real readers, store and services. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { axeViolations } from './support/axe-violations.ts';
import { BROKEN_CSV, dropFile, goToStep, makeProject, sampleExamples } from './support/data-files.ts';
import { complaintsOf } from './support/complaints.ts';
import { noChromium, openChromium } from './support/open-chromium.ts';
import { startHost, type StartedHost } from './support/start-host.ts';

/** Eight good pairs, a pair preferred both ways, and an answer that is chosen twice. */
function pairsParquet(): Buffer {
  const plain = Array.from({ length: 8 }, (_, index) => [`Question ${index}?`, `Good answer ${index}.`, `Bad answer ${index}.`] as const);
  const pairs = [
    ...plain,
    ['Which way?', 'Left.', 'Right.'],
    ['Which way?', 'Right.', 'Left.'],
    ['What now?', 'Wait.', 'Run.'],
    ['What now?', 'Wait.', 'Hide.'],
  ] as const;
  const column = (name: string, at: 0 | 1 | 2) => ({ name, data: pairs.map((pair) => pair[at]), type: 'STRING' as const });
  return Buffer.from(parquetWriteBuffer({ columnData: [column('prompt', 0), column('chosen', 1), column('rejected', 2)] }));
}

describe.skipIf(noChromium !== null)(`in Chromium${noChromium === null ? '' : ` (${noChromium})`}`, { timeout: 60_000 }, () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let host: StartedHost;
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await openChromium();
    host = await startHost(await mkdtemp(join(tmpdir(), 'prospect-e2e-')));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await host.stop();
    await rm(host.dataDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1024, height: 700 }, reducedMotion: 'reduce' });
    complaints = complaintsOf(context);
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(host.url);
  });
  afterEach(() => context.close());

  const press = (name: string | RegExp, exact = true) => page.getByRole('button', { name, exact }).click();

  test('a broken file is dropped, its bad rows are repaired or skipped, and a second window sees all of it', async () => {
    await makeProject(page, 'Support');
    const other = await context.newPage();
    await other.goto(host.url);
    await other.getByRole('button', { name: 'Support', exact: true }).click();
    await dropFile(page, { name: 'ratings.csv', content: BROKEN_CSV });
    await page.getByRole('radio', { name: /answers with a label, \d+ % sure/ }).waitFor();
    await page.getByRole('table', { name: 'What becomes of the first rows' }).getByText('Just guess it.').waitFor();
    await press('Import');
    await page.getByRole('heading', { name: '2 rows can not be imported' }).waitFor();
    await other.getByRole('heading', { name: '2 rows can not be imported' }).waitFor();
    const repair = page.getByRole('region', { name: 'Repair row 7' });
    await repair.getByLabel('answer').fill('At nine.');
    await press('Try 1 repair');
    await page.getByRole('heading', { name: '1 row can not be imported' }).waitFor();
    // The window is reloaded while the import waits: nothing is lost.
    await page.reload();
    await page.getByRole('region', { name: 'Repair row 11' }).waitFor();
    await press('Skip it and import the rest');
    for (const tab of [page, other]) {
      await tab.getByRole('grid', { name: 'Rows' }).getByText('At nine.').waitFor();
      await tab.getByText(/^8 rows · 5 desirable, 3 undesirable/).waitFor();
    }
    expect(complaints).toEqual([]);
  });

  test('rows are looked at by keyboard, changed, and saved as the next version', async () => {
    await page.getByRole('button', { name: 'Support', exact: true }).click();
    await goToStep(page, 'Data');
    const grid = page.getByRole('grid', { name: 'Rows' });
    await grid.getByText('At nine.').waitFor();
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const row = page.getByRole('region', { name: 'Row 2' });
    await row.getByText('Just guess it.').waitFor();
    await row.getByText('Desirable', { exact: true }).click();
    await page.keyboard.press('Escape');
    await grid.focus();
    await page.keyboard.press('End');
    await page.getByRole('region', { name: 'Row 8' }).getByRole('button', { name: 'Delete row' }).click();
    await page.getByText('2 changes not saved yet.').waitFor();
    await press('Save as version 2');
    await page.getByText(/^7 rows · 6 desirable, 1 undesirable|^7 rows · 6 desirable/).waitFor();
    await page.getByText(/Edited: 2 changes/).waitFor();
    expect(complaints).toEqual([]);
  });

  test('pairs of a Parquet file become examples, contradictions are decided, prompts held out, and weights set', async () => {
    await makeProject(page, 'Preferences');
    await dropFile(page, { name: 'pairs.parquet', content: pairsParquet() });
    await page
      .getByRole('radio', { name: /preferred and rejected answers/ })
      .first()
      .waitFor();
    await press('Import');
    await page.getByText('12 rows imported.').waitFor();
    await goToStep(page, 'Pairs');
    await page.getByText('12 pairs become 24 examples', { exact: false }).waitFor();
    await press('Make examples');
    await page.getByRole('region', { name: 'Balance of labels' }).getByText('12 desirable and 12 undesirable examples').waitFor();
    await press('Look for duplicates');
    await page.getByText('2 contradictions').first().waitFor();
    const first = page.getByRole('group', { name: 'Contradiction 1' });
    await first.getByRole('button', { name: 'This is right' }).last().click();
    await page.getByText('2 rows wait for your decision').waitFor();
    await page.getByRole('button', { name: 'Save as version 2' }).click();
    await page.getByRole('region', { name: 'Balance of labels' }).getByText('9 desirable and 11 undesirable examples').waitFor();
    await press('Hold out');
    await page.getByText(/^Held out: \d+ rows?/).waitFor();
    const advised = page.getByRole('group', { name: 'Weigh the rare label more' });
    await advised.getByRole('button', { name: 'Use' }).click();
    await advised.getByRole('button', { name: 'in use' }).waitFor();
    await page.getByText(/hold both labels/).waitFor();
    await page.getByRole('button', { name: /^Settings/ }).hover();
    await page.getByRole('tooltip').getByText('1 setting differs from its default.').waitFor();
    await press('Look at the quality');
    await page.getByText('Longest rows').waitFor();
    expect(complaints).toEqual([]);
  });

  test('an import is cancelled while it runs or waits, and leaves nothing', async () => {
    await makeProject(page, 'Cancelled');
    await dropFile(page, { name: 'ratings.csv', content: BROKEN_CSV });
    await press('Import');
    await page.getByRole('heading', { name: '2 rows can not be imported' }).waitFor();
    await press('Import nothing');
    await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
    await press('Cancel');
    await page.getByText('Drop a file of rated answers here').waitFor();
    expect(complaints).toEqual([]);
  });

  test('what no program can read is refused in a sentence', async () => {
    await makeProject(page, 'Refused');
    await dropFile(page, { name: 'picture.png', content: Buffer.from('iVBORw0KGgoAAAANSUhEUg==', 'base64') });
    await page
      .getByRole('alert')
      .getByText(/picture\.png/)
      .waitFor();
    await press('Cancel');
    await page.getByLabel('Or the path of a file or folder on this machine').fill('/nowhere/ratings.csv');
    await press('Use path');
    await page
      .getByRole('alert')
      .getByText(/\/nowhere\/ratings\.csv/)
      .waitFor();
    expect(complaints).toEqual([]);
  });

  test('text that looks like a page is shown as text', async () => {
    await makeProject(page, '<img src=x onerror=alert(1)>');
    const hostile = '<script>document.title="taken"</script><img src=x onerror="document.title=\'taken\'">';
    const rows = [
      { prompt: hostile, completion: `${hostile}\u202E`, label: true },
      { prompt: '[click](javascript:alert(1))', completion: '{{constructor.constructor("alert(1)")()}}', label: false },
    ];
    await dropFile(page, { name: '"><svg onload=alert(1)>.jsonl', content: rows.map((row) => JSON.stringify(row)).join('\n') });
    await press('Import');
    await page.getByRole('grid', { name: 'Rows' }).getByText('<script>', { exact: false }).first().click();
    await page.getByRole('region', { name: 'Row 1' }).getByText('<script>', { exact: false }).first().waitFor();
    expect(await page.title()).toBe('Prospect');
    expect(await page.locator('#root img, #root script').count()).toBe(0);
  });

  test.each(['light', 'dark'] as const)('no screen of both steps has a fault that axe knows, in the %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.getByRole('button', { name: 'Preferences', exact: true }).click();
    await goToStep(page, 'Data');
    await page.getByRole('grid', { name: 'Rows' }).getByRole('row').nth(2).click();
    await page.getByRole('region', { name: /^Row / }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await press('Add data');
    await page.getByText('Drop a file of rated answers here').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await dropFile(page, { name: 'reviews.jsonl', content: await sampleExamples() });
    await press('Edit columns');
    await page.getByRole('table', { name: 'What becomes of the first rows' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await press('Cancel');
    await goToStep(page, 'Pairs');
    await page.getByText(/hold both labels/).waitFor();
    await press('Look for duplicates');
    await press('Look at the quality');
    await page.getByText('Longest rows').waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });
});
