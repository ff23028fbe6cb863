/**
 * @file `npm run screens`: takes the pictures of docs/screens in real Chromium, over the built browser host and a data folder of its own.
 * Words after it choose scenes by name; --out DIR writes elsewhere, --size 1440x900 and --theme dark look otherwise.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { buildIfStale } from '#start/build.ts';
import { openChromium } from '#test/e2e/support/open-chromium.ts';
import { killHosts, ROOT, spawnHost } from '#test/e2e/support/spawn-host.ts';
import { SCENES } from './scenes.ts';

type Theme = 'light' | 'dark';

const { values, positionals } = parseArgs({
  options: { out: { type: 'string' }, size: { type: 'string' }, theme: { type: 'string' } },
  allowPositionals: true,
});
const out = values.out ?? join(ROOT, 'docs/screens');
const [width = 1024, height = 700] = (values.size ?? '1024x700').split('x').map(Number);
const themes: readonly Theme[] = values.theme === 'dark' || values.theme === 'light' ? [values.theme] : ['light', 'dark'];

buildIfStale(ROOT, (line) => process.stderr.write(`${line}\n`));
await mkdir(out, { recursive: true });
const browser = await openChromium();
try {
  await takeAll(browser);
} finally {
  await browser.close();
  killHosts();
}

async function takeAll(chromium: Browser): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'prospect-screens-'));
  const played = SCENES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  for (const { prepare } of played) prepare?.(join(folder, 'data'));
  const host = await spawnHost(join(folder, 'data'));
  const context = await chromium.newContext({ viewport: { width, height }, reducedMotion: 'reduce', timezoneId: 'UTC' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  try {
    for (const scene of played) {
      await page.goto(host.url);
      await page.reload();
      await scene.play({ page, folder, shoot: (name) => shoot(page, name) });
    }
  } finally {
    await context.close();
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same moment in every look, so that what takes long is done once. */
async function shoot(page: Page, name: string): Promise<void> {
  // Tooltips of what was pressed last are not part of it.
  await page.mouse.move(0, 0);
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.waitForTimeout(350);
    await page.screenshot({ path: join(out, `${name}-${theme}.png`), animations: 'disabled' });
    process.stdout.write(`${name}-${theme}.png\n`);
  }
}
