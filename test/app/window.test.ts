/** @file The Electron window: what its page may do, where it stands, and when it closes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { CloseChoice } from '#app/dialogs.ts';
import { openWindow, focusWindow } from '#app/window.ts';
import { readWindowPlace } from '#app/window-state.ts';
import { CHANNELS } from '#contract/channels.ts';
import { createEventHub } from '#host/event-hub.ts';
import { fake, nativeTheme, resetFakeElectron } from '#test/support/fake-electron.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

vi.mock('electron', () => import('#test/support/fake-electron.ts'));

const hub = createEventHub();
let stateFile = '';
let busy = false;
const confirmClose = vi.fn<() => Promise<CloseChoice>>();

beforeEach(async () => {
  resetFakeElectron();
  stateFile = join(await temporaryFolder(), 'window.json');
  busy = false;
  confirmClose.mockReset();
});

function open() {
  openWindow({ preload: '/dist/preload/index.cjs', url: 'app://prospect/index.html', stateFile, hub, isBusy: () => busy, confirmClose });
  const window = fake.windows[0];
  if (!window) throw new Error('No window was opened.');
  return window;
}

test('the page has nothing of Node and is shown when it is ready, in its colour', () => {
  nativeTheme.shouldUseDarkColors = true;
  const window = open();
  nativeTheme.shouldUseDarkColors = false;
  expect(window.options).toMatchObject({
    show: false,
    minWidth: 1024,
    minHeight: 700,
    backgroundColor: '#242424',
    webPreferences: {
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  expect(window.visible).toBe(false);
  window.emit('ready-to-show');
  expect(window.visible).toBe(true);
  expect(window.url).toBe('app://prospect/index.html');
});

test('the page is told events until its window is closed', () => {
  const { webContents, ...window } = open();
  hub.emit('app.menuChosen', { command: 'about' });
  expect(webContents.sent).toEqual([[CHANNELS.event, { name: 'app.menuChosen', payload: { command: 'about' } }]]);
  fake.windows[0]?.close();
  hub.emit('projects.changed');
  expect(webContents.sent).toHaveLength(1);
  expect(window).toBeDefined();
});

test('the window comes back where it was', () => {
  const window = open();
  window.maximize();
  window.close();
  expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toEqual({ x: 10, y: 20, width: 1200, height: 800, maximized: true });
  const again = open();
  expect(again.options).toMatchObject({ x: 10, y: 20, width: 1200, height: 800 });
  expect(again.maximized).toBe(true);
});

test.each([
  ['on a screen that is gone', { x: 4000, y: 0, width: 1200, height: 800, maximized: false }, { width: 1280, height: 860 }],
  ['half off the screen', { x: 1500, y: 900, width: 1200, height: 800, maximized: false }, { x: 720, y: 240, width: 1200, height: 800 }],
  ['above the screen', { x: -300, y: -100, width: 1200, height: 800, maximized: false }, { x: 0, y: 0, width: 1200, height: 800 }],
  ['larger than the screen', { x: 0, y: 0, width: 4000, height: 3000, maximized: false }, { x: 0, y: 0, width: 1920, height: 1040 }],
  ['smaller than it may be', { x: 0, y: 0, width: 10, height: 10, maximized: false }, { width: 1280, height: 860 }],
  ['nowhere', 'damaged', { width: 1280, height: 860 }],
])('a window that was %s is put where it can be seen', (_where, state, bounds) => {
  writeFileSync(stateFile, JSON.stringify(state));
  expect(readWindowPlace(stateFile).bounds).toEqual(bounds);
});

test('a window closes at once when nothing goes on', () => {
  open().close();
  expect(fake.windows).toEqual([]);
  expect(confirmClose).not.toHaveBeenCalled();
});

test('during a run the person is asked once, and may keep it', async () => {
  busy = true;
  const answer = Promise.withResolvers<CloseChoice>();
  confirmClose.mockReturnValueOnce(answer.promise);
  const window = open();
  window.close();
  window.close();
  expect(confirmClose).toHaveBeenCalledTimes(1);
  answer.resolve('stay');
  await vi.waitFor(() => {
    confirmClose.mockResolvedValueOnce('stop');
    window.close();
    expect(confirmClose).toHaveBeenCalledTimes(2);
  });
  await vi.waitFor(() => expect(fake.windows).toEqual([]));
});

test('a run may go on without the window, which a second start brings back', async () => {
  busy = true;
  confirmClose.mockResolvedValueOnce('background');
  const window = open();
  window.emit('ready-to-show');
  window.close();
  await vi.waitFor(() => expect(window.visible).toBe(false));
  expect(fake.windows).toEqual([window]);
  expect(focusWindow()).toBe(true);
  expect(window.visible).toBe(true);
});

test('a second start brings the window to the front', () => {
  expect(focusWindow()).toBe(false);
  const window = open();
  window.minimized = true;
  expect(focusWindow()).toBe(true);
  expect(window).toMatchObject({ minimized: false, focused: 1 });
});
