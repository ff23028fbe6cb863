/** @file Whatever gets into the page: it can go nowhere, open nothing, ask for nothing and reach nothing. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { APP_ORIGIN, declareAppScheme, serveAppScheme } from '#app/app-protocol.ts';
import { forbidEverythingElse } from '#app/security.ts';
import { CHANNELS } from '#contract/channels.ts';
import { listWindowFiles } from '#host/window-files.ts';
import { registerIpc } from '#ipc/register.ts';
import type { Logger } from '#ipc/services.ts';
import { BrowserWindow, fake, resetFakeElectron } from '#test/support/fake-electron.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

vi.mock('electron', () => import('#test/support/fake-electron.ts'));

const logged: string[] = [];
const logger: Logger = { info: () => undefined, warn: (line) => void logged.push(line), error: () => undefined };

beforeEach(() => {
  resetFakeElectron();
  logged.length = 0;
});

function secureWindow(origins = [APP_ORIGIN]) {
  forbidEverythingElse({ origins, logger });
  return new BrowserWindow({}).webContents;
}

function isPrevented(name: string, event: object): boolean {
  const preventDefault = vi.fn<() => void>();
  fake.windows[0]?.webContents.emit(name, { ...event, preventDefault });
  return preventDefault.mock.calls.length > 0;
}

test.each(['https://example.com/', 'file:///etc/passwd', 'app://other/index.html', 'javascript:alert(1)', 'about:blank', 'no address'])(
  'the page can not go to %s',
  (url) => {
    secureWindow();
    expect(isPrevented('will-navigate', { url })).toBe(true);
  },
);

test('the page can be loaded again, but is never led elsewhere, and holds no other page', () => {
  secureWindow();
  expect(isPrevented('will-navigate', { url: 'app://prospect/index.html' })).toBe(false);
  expect(isPrevented('will-redirect', { url: 'app://prospect/index.html' })).toBe(true);
  expect(isPrevented('will-attach-webview', {})).toBe(true);
});

test('a link opens in the browser when the person says so, and never a window', async () => {
  const { openHandler } = secureWindow();
  fake.answers.push(1, 0);
  expect(openHandler?.({ url: 'https://arxiv.org/abs/2402.01306' })).toEqual({ action: 'deny' });
  await vi.waitFor(() => expect(fake.asked).toHaveLength(1));
  expect(fake.openedOutside).toEqual([]);
  openHandler?.({ url: 'https://arxiv.org/abs/2402.01306' });
  await vi.waitFor(() => expect(fake.openedOutside).toEqual(['https://arxiv.org/abs/2402.01306']));
  expect(fake.asked[0]).toMatchObject({ detail: 'https://arxiv.org/abs/2402.01306', cancelId: 1, defaultId: 1 });
});

test.each(['http://example.com/', 'file:///etc/passwd', 'smb://host/share', 'ms-settings:'])('%s is not opened at all', async (url) => {
  const { openHandler } = secureWindow();
  expect(openHandler?.({ url })).toEqual({ action: 'deny' });
  await Promise.resolve();
  expect(fake.asked).toEqual([]);
});

test.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'usb'])('%s is refused', (permission) => {
  secureWindow();
  const answer = vi.fn<(granted: boolean) => void>();
  const { request, check, device } = fake.permission as unknown as Record<string, (...values: unknown[]) => unknown>;
  request?.(null, permission, answer);
  expect(answer).toHaveBeenCalledWith(false);
  expect(check?.(null, permission)).toBe(false);
  expect(device?.({})).toBe(false);
});

test('text may be put on the clipboard, for every Copy button', () => {
  secureWindow();
  const { check } = fake.permission as unknown as Record<string, (...values: unknown[]) => unknown>;
  expect(check?.(null, 'clipboard-sanitized-write')).toBe(true);
});

function isCancelled(url: string): boolean | undefined {
  let cancelled: boolean | undefined;
  fake.beforeRequest?.({ url }, ({ cancel }) => {
    cancelled = cancel;
  });
  return cancelled;
}

test('nothing reaches the network', () => {
  secureWindow();
  const outside = ['https://example.com/', 'http://127.0.0.1:1/', 'ws://127.0.0.1:1/', 'ftp://x/', 'file:///etc/passwd', ''];
  expect(outside.filter((url) => isCancelled(url))).toEqual(outside);
  const inside = ['app://prospect/index.html', 'blob:app://prospect/1', 'data:text/plain,x'];
  expect(inside.filter((url) => isCancelled(url))).toEqual([]);
  expect(logged.join()).toContain('example.com');
  expect(logged.join()).not.toContain('https://');
});

test('with a development server only that server is reached, too', () => {
  secureWindow(['http://localhost:5173']);
  expect(isCancelled('http://localhost:5173/main.tsx')).toBe(false);
  expect(isCancelled('ws://localhost:5173/')).toBe(false);
  expect(isCancelled('http://localhost:5174/')).toBe(true);
});

test('app:// is like a secure site of its own, and serves only what was built', async () => {
  const folder = join(await temporaryFolder(), 'renderer');
  await mkdir(folder);
  await writeFile(join(folder, 'index.html'), '<title>Prospect</title>');
  await writeFile(join(folder, '..', 'secret.json'), '{}');
  declareAppScheme();
  expect(fake.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
  serveAppScheme(listWindowFiles(folder));
  const get = async (url: string, method = 'GET') => await fake.protocolHandlers.get('app')?.({ url, method });
  const page = await get('app://prospect/index.html');
  expect(page?.status).toBe(200);
  expect(await page?.text()).toContain('Prospect');
  expect(page?.headers.get('content-security-policy')).toContain("script-src 'self'");
  const elsewhere = ['../secret.json', '%2e%2e/secret.json', '..%5csecret.json', 'nothing.js', '/etc/passwd'];
  expect(await Promise.all(elsewhere.map(async (path) => (await get(`app://prospect/${path}`))?.status))).toEqual(elsewhere.map(() => 404));
  expect((await get('app://other/index.html'))?.status).toBe(404);
  expect((await get('app://prospect/index.html', 'POST'))?.status).toBe(404);
});

const frame = { origin: APP_ORIGIN, parent: null };
test.each([
  ['a frame that is gone', null],
  ['another site', { ...frame, origin: 'https://example.com' }],
  ['a page without an origin', { ...frame, origin: 'null' }],
  ['a frame inside the page', { ...frame, parent: frame }],
])('a message from %s is refused and does not reach a handler', async (_who, senderFrame) => {
  const dispatch = vi.fn<() => Promise<never>>();
  registerIpc({ dispatch, origin: APP_ORIGIN, logger });
  const answer = await fake.ipcHandlers.get(CHANNELS.request)?.({ senderFrame }, { name: 'projects.list' });
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
  expect(dispatch).not.toHaveBeenCalled();
  expect(logged).toHaveLength(1);
});

test('a message from our page is answered', async () => {
  registerIpc({ dispatch: (message) => Promise.resolve({ ok: true, value: message }), origin: APP_ORIGIN, logger });
  expect([...fake.ipcHandlers.keys()]).toEqual([CHANNELS.request]);
  const message = { name: 'projects.list', input: undefined };
  expect(await fake.ipcHandlers.get(CHANNELS.request)?.({ senderFrame: frame }, message)).toEqual({ ok: true, value: message });
});
