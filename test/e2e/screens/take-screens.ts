/**
 * @file `npm run screens`: takes the pictures of docs/screens in real Chromium, over the built browser host and a data folder of its own.
 * Words after it choose scenes by name; --out DIR writes elsewhere, --size 1440x900 and --theme dark look otherwise.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { buildIfStale } from '#start/build.ts';
import { openChromium } from '#test/e2e/support/open-chromium.ts';
import { killHosts, ROOT, spawnHost } from '#test/e2e/support/spawn-host.ts';
import { SCENES } from './scenes.ts';

type Theme = 'light' | 'dark';

interface Look {
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
}

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
  for (const theme of themes) await takeAll(browser, { theme, width, height });
} finally {
  await browser.close();
  killHosts();
}

async function takeAll(chromium: Browser, { theme, ...viewport }: Look): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'prospect-screens-'));
  const played = SCENES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  for (const { prepare } of played) prepare?.(join(folder, 'data'));
  const host = await spawnHost(join(folder, 'data'));
  const context = await chromium.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce', timezoneId: 'UTC' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  try {
    for (const scene of played) {
      await page.goto(host.url);
      await page.reload();
      await scene.play({
        page,
        folder,
        shoot: async (name) => {
          // Tooltips of what was pressed last are not part of it.
          await page.mouse.move(0, 0);
          await page.waitForTimeout(250);
          await page.screenshot({ path: join(out, `${name}-${theme}.png`), animations: 'disabled' });
          process.stdout.write(`${name}-${theme}.png\n`);
        },
      });
    }
  } finally {
    await context.close();
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
