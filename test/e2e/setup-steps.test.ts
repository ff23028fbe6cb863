/** @file The first launch, the Model step and the Settings step in a real browser, on the built program with its real processes. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { complaintsOf } from './support/complaints.ts';
import { noChromium, openChromium } from './support/open-chromium.ts';
import { ROOT, startHost, type StartedHost } from './support/start-host.ts';

const SAMPLE = 'Reviewer #2 (sample)';
const TINY = join(ROOT, 'test/golden/logits/llama_gqa_bf16');
/** A process is started, and the machine may be busy. */
const PATIENCE = { timeout: 45_000 };

describe.skipIf(noChromium !== null)(`in Chromium${noChromium === null ? '' : ` (${noChromium})`}`, { timeout: 150_000 }, () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let host: StartedHost;
  let model = '';
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await openChromium();
    const folder = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    model = join(folder, 'models', 'Tiny <img src=x onerror=document.title=1>');
    await cp(TINY, model, { recursive: true });
    await writeFile(join(model, 'chat_template.jinja'), '{% for m in messages %}{{ m.role }}: {{ m.content }}</s>{% endfor %}');
    await writeFile(join(model, 'README.md'), '---\nlicense: apache-2.0\n---\n');
    host = await startHost(join(folder, 'data'), { sample: true });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await host.stop();
    await rm(join(host.dataDir, '..'), { recursive: true, force: true });
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1024, height: 700 } });
    complaints = complaintsOf(context);
    page = await context.newPage();
    await page.goto(host.url);
    await page.getByRole('button', { name: SAMPLE }).click(PATIENCE);
  });
  afterEach(async () => {
    await context.close();
    if (complaints.length > 0) throw new Error(`The browser complained: ${complaints.join(' ')}`);
  });

  const step = (name: string) => page.getByRole('button', { name: new RegExp(`^${name},`) });

  async function violations(): Promise<string[]> {
    // A tooltip lies outside of all regions while it fades.
    await page.mouse.move(0, 0);
    await expect.poll(() => page.getByRole('tooltip').count()).toBe(0);
    await page.evaluate(axe.source);
    return page.evaluate(async () => {
      const found = await (window as unknown as { axe: typeof axe }).axe.run(document);
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
    });
  }

  test('the first launch has a ready project, and a folder that is no model is explained', async () => {
    await step('Data').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Pairs, done' }).count()).toBe(1);
    await step('Model').click();
    const other = page.getByRole('button', { name: 'Use another model' });
    if (await other.isVisible()) await other.click();
    const path = page.getByLabel('Path of its folder on this machine');
    await path.fill(join(ROOT, 'test/golden'));
    await page.keyboard.press('Enter');
    await page
      .getByRole('alert')
      .getByText(/has no config\.json, so it is not a model folder/)
      .waitFor(PATIENCE);
    await path.fill('models/tiny');
    await page.keyboard.press('Enter');
    await page
      .getByRole('alert')
      .getByText(/is not a whole path/)
      .waitFor(PATIENCE);
  });

  test('a model is chosen: what it is, how long the rows are, and the line is moved by keys and mouse', async () => {
    await step('Model').click();
    const other = page.getByRole('button', { name: 'Use another model' });
    if (await other.isVisible()) await other.click();
    await page.getByLabel('Path of its folder on this machine').fill(model);
    await page.getByRole('button', { name: 'Use path' }).click();
    // Its name is text, whatever is in it.
    const about = page.getByRole('region', { name: 'About Tiny <img src=x onerror=document.title=1>' });
    await about.getByText('LlamaForCausalLM').waitFor(PATIENCE);
    await about.getByText('apache-2.0').waitFor();
    expect(await page.title()).toBe('Prospect');
    const slider = page.getByRole('slider', { name: 'Maximum length' });
    await slider.waitFor(PATIENCE);
    await slider.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('PageDown');
    await expect.poll(() => slider.getAttribute('aria-valuenow')).not.toBe('512');
    const { x, y } = (await slider.locator('circle').boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(x + 4, y + 4);
    await page.mouse.down();
    await page.mouse.move(x - 250, y + 4, { steps: 4 });
    await page.getByText(/rows \(\d+ %\) lose the end of their answer/).waitFor();
    await page.mouse.up();
    await page.getByRole('button', { name: /^Keep every row whole/ }).click();
    await page.getByText(/all 900 rows stay whole/).waitFor();
    expect(await violations()).toEqual([]);
  });

  test('settings: a warning and its fix, both methods, and the card with memory and time', async () => {
    await step('Settings').click();
    await page.getByRole('radio', { name: /^Quick look/ }).click();
    const card = page.getByRole('complementary');
    await card.getByText('30 (', { exact: false }).waitFor(PATIENCE);
    await card.getByText(/a step,/).waitFor(PATIENCE);
    const rate = page.getByRole('textbox', { name: 'Learning rate' });
    await rate.fill('0.01');
    await page.getByText(/KTO may become unstable/).waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Use 0.0005' }).click();
    await expect.poll(() => rate.inputValue()).toBe('5e-4');
    await expect.poll(() => page.getByText(/KTO may become unstable/).count()).toBe(0);
    await rate.fill('-1');
    await page
      .getByRole('alert')
      .getByText(/learning_rate must be a number above 0/)
      .waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Correct the settings' }).waitFor();
    await page.getByRole('button', { name: 'Set Learning rate to its default' }).click();
    await page.getByText('Both, to compare').click();
    await page.getByRole('complementary', { name: 'The next two runs' }).waitFor();
    await page.getByRole('button', { name: 'Start both runs' }).waitFor(PATIENCE);
    await page.reload();
    await page.getByRole('complementary', { name: 'The next two runs' }).waitFor(PATIENCE);
  });

  test('light and dark, simple and all: every setting has a name and enough contrast', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await step('Settings').click();
      const all = page.getByRole('switch', { name: 'All settings' });
      if (colorScheme === 'dark') await all.click();
      await expect.poll(() => all.isChecked()).toBe(colorScheme === 'dark');
      await page.getByRole('textbox', { name: 'Beta', exact: true }).waitFor();
      expect(await violations()).toEqual([]);
    }
  });
});
