/** @file The browser host with a real browser: what a person sees, and what a hostile page cannot do. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { forkChild } from '#processes/fork-child.ts';
import { complaintsOf } from './support/complaints.ts';
import { noChromium, openChromium } from './support/open-chromium.ts';
import { ROOT, startHost, type StartedHost } from './support/start-host.ts';

describe.skipIf(noChromium !== null)(`in Chromium${noChromium === null ? '' : ` (${noChromium})`}`, () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let host: StartedHost;
  /** Everything the browser asked of anyone. */
  let requested: string[] = [];
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await openChromium();
    host = await startHost(await mkdtemp(join(tmpdir(), 'prospect-e2e-')));
  });
  afterAll(async () => {
    await browser.close();
    await host.stop();
    await rm(host.dataDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    requested = [];
    context = await browser.newContext({ viewport: { width: 1024, height: 700 } });
    complaints = complaintsOf(context);
    context.on('request', (request) => requested.push(request.url()));
    page = await context.newPage();
    page.on('websocket', (socket) => requested.push(socket.url()));
  });
  afterEach(() => context.close());

  test('the link opens the window, a project is made, and a second tab is told', async () => {
    await page.goto(host.url);
    const other = await context.newPage();
    await other.goto(host.url);
    await other.getByText('None yet.').waitFor();
    await page.getByRole('button', { name: 'New' }).click();
    await page.getByLabel('Name').fill('Reviewer #2');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Reviewer #2' }).waitFor();
    await other.getByRole('button', { name: 'Reviewer #2', exact: true }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Reviewer #2', exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('nothing is asked of any other machine', async () => {
    await page.goto(host.url);
    await page.getByRole('button', { name: 'About Prospect' }).click();
    await page.getByText('Data:').waitFor();
    const { host: address } = new URL(host.url);
    expect(requested.length).toBeGreaterThan(3);
    expect(requested.filter((url) => new URL(url).host !== address)).toEqual([]);
  });

  test('a script that gets into the page does not run, nor does text become code', async () => {
    await page.goto(host.url);
    await page.getByRole('button', { name: 'New' }).waitFor();
    const ran = await page.evaluate(() => {
      const state = window as unknown as { ran?: string[] };
      state.ran = [];
      const script = document.createElement('script');
      script.textContent = "window.ran.push('inline')";
      document.body.append(script);
      const attribute = document.createElement('button');
      attribute.setAttribute('onclick', "window.ran.push('attribute')");
      document.body.append(attribute);
      attribute.click();
      return state.ran;
    });
    expect(ran).toEqual([]);
    expect(complaints.filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(2);
    const outside = await page.evaluate(() =>
      fetch('https://example.com/').then(
        () => 'reached',
        () => 'stopped',
      ),
    );
    expect(outside).toBe('stopped');
  });

  test('the window keeps its policy while dialogs, menus and themes are used', async () => {
    await page.goto(host.url);
    await page.getByRole('button', { name: 'Preferences…' }).click();
    await page.getByText('Dark', { exact: true }).click();
    await expect.poll(() => page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await page.getByText('As the system', { exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'About Prospect' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    expect(complaints).toEqual([]);
  });

  test.each(['', '#token=', '#token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])(
    'a link that ends in %j shows that it is no longer good',
    async (hash) => {
      await page.goto(`${new URL(host.url).origin}/${hash}`);
      await page.getByRole('status').getByText('This link is no longer good').waitFor();
      expect(await page.getByText('Reviewer #2').count()).toBe(0);
    },
  );

  test('a page of another site can not reach the window, even with the token', async () => {
    const { origin, hash } = new URL(host.url);
    const token = hash.replace('#token=', '');
    // A page of this machine's own, as of another program.
    await page.route('http://127.0.0.1:9/', (route) => route.fulfill({ contentType: 'text/html', body: '<title>other</title>' }));
    await page.goto('http://127.0.0.1:9/');
    const answers = await page.evaluate(
      async ({ url, said }) => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`);
        const connected = await new Promise((resolve) => {
          socket.addEventListener('open', () => resolve('open'));
          socket.addEventListener('error', () => resolve('refused'));
        });
        const uploaded = await fetch(`${url}/upload?name=a.csv`, { method: 'POST', headers: { 'x-prospect-token': said }, body: 'x' }).then(
          () => 'sent',
          () => 'refused',
        );
        const read = await fetch(url).then(
          () => 'read',
          () => 'refused',
        );
        return { connected, uploaded, read };
      },
      { url: origin, said: token },
    );
    expect(answers).toEqual({ connected: 'refused', uploaded: 'refused', read: 'refused' });
  });

  test('colours have contrast and everything has a name, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(host.url);
      await page.getByRole('button', { name: 'New' }).waitFor();
      // Evaluated by the debugger, which the page's policy does not bind.
      await page.evaluate(axe.source);
      const violations = await page.evaluate(async () => {
        const found = await (window as unknown as { axe: typeof axe }).axe.run(document);
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
      });
      expect(violations).toEqual([]);
    }
  });

  test.skipIf(process.platform !== 'linux')('the link that Prospect opens by itself works once, and survives a reload', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    const opener = join(dataDir, 'bin');
    await mkdir(opener);
    await writeFile(
      join(opener, 'xdg-open'),
      `#!/bin/sh\nprintf %s "$1" > ${dataDir}/opened.tmp && mv ${dataDir}/opened.tmp ${dataDir}/opened\n`,
      { mode: 0o755 },
    );
    const env = { DISPLAY: ':99', PATH: `${opener}:${process.env['PATH'] ?? ''}` };
    const started = await startHost(dataDir, { words: ['--open'], env });
    const link = await expect
      .poll(() => readFile(join(dataDir, 'opened'), 'utf8').catch(() => null))
      .not.toBeNull()
      .then(() => readFile(join(dataDir, 'opened'), 'utf8'));
    expect(link).not.toBe(started.url);
    await page.goto(link);
    await page.getByText('None yet.').waitFor();
    expect(page.url()).toBe(started.url);
    await page.reload();
    await page.getByText('None yet.').waitFor();
    const thief = await context.newPage();
    await thief.goto(link);
    await thief.getByRole('status').getByText('This link is no longer good').waitFor();
    await started.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('a window whose host ends says so, and finds the next one only by its new link', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    const first = await startHost(dataDir);
    await page.goto(first.url);
    await page.getByText('None yet.').waitFor();
    await first.stop();
    await page.getByRole('status').getByText('The connection to Prospect is lost').waitFor();
    const second = await startHost(dataDir, { words: ['--port', new URL(first.url).port] });
    await page.getByRole('status').getByText('This link is no longer good').waitFor({ timeout: 15_000 });
    await second.stop();
    await rm(dataDir, { recursive: true, force: true });
    expect(second.url).not.toBe(first.url);
  });
});

describe('as a process', () => {
  test('npm start says in a line why it is a browser, and refuses words it does not know', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    const started = await startHost(dataDir, { program: 'main/start.ts' });
    expect(started.said()).toMatch(/^There is no display\. Prospect's window opens in a browser instead[^\n]*\n$/);
    expect(await started.stop()).toBe(0);
    const asked = await startHost(dataDir, { program: 'main/start.ts', words: ['--browser'] });
    expect(asked.said()).toBe('');
    await asked.stop();
    await expect(startHost(dataDir, { program: 'main/start.ts', words: ['--broswer'] })).rejects.toThrow(
      /Unknown option '--broswer'.*exit code 2/s,
    );
    await rm(dataDir, { recursive: true, force: true });
  });

  test('a job starts in a process of its own', async () => {
    const output: string[] = [];
    const job = forkChild(join(ROOT, 'dist/worker.js'), (text) => output.push(text))();
    const first = await new Promise((resolve) => job.onMessage(resolve));
    job.kill();
    expect({ first, output }).toEqual({ first: { type: 'ready' }, output: [] });
  });

  test('it is ready within a second and a half, and ends cleanly on either signal', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    const first = await startHost(dataDir);
    expect(await first.stop('SIGINT')).toBe(0);
    const again = await startHost(dataDir);
    // With other work on the machine; alone it takes a tenth of that.
    expect(again.readyAfterMs).toBeLessThan(1500);
    expect(await again.stop('SIGTERM')).toBe(0);
    expect((await readdir(dataDir)).filter((name) => name.endsWith('-wal') || name === 'uploads')).toEqual([]);
    await rm(dataDir, { recursive: true, force: true });
  });

  test('a data folder in use, a port in use and a wrong word are each one line and an exit code', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    const first = await startHost(dataDir);
    await expect(startHost(dataDir)).rejects.toThrow(/prospect: Another Prospect .* is using the data folder/);
    const other = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    await expect(startHost(other, { words: ['--port', new URL(first.url).port] })).rejects.toThrow(
      /can't be used .* Choose another with --port/,
    );
    await expect(startHost(other, { words: ['--prot', '1'] })).rejects.toThrow(/Unknown option '--prot'/);
    const damaged = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    await writeFile(join(damaged, 'prospect.sqlite'), 'not a database');
    await expect(startHost(damaged)).rejects.toThrow(/^The browser host did not start: prospect: The store .* is damaged/);
    await first.stop();
    await Promise.all([dataDir, other, damaged].map((folder) => rm(folder, { recursive: true, force: true })));
  });
});
