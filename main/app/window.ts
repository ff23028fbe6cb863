/** @file The window: a page without any of Node, shown when it has something to show. */
import { BrowserWindow, nativeTheme } from 'electron';
import { CHANNELS } from '#contract/channels.ts';
import type { EventHub } from '#host/event-hub.ts';
import type { CloseChoice } from './dialogs.ts';
import { MIN_HEIGHT, MIN_WIDTH, readWindowPlace, saveWindowPlace } from './window-state.ts';

/** Like Mantine's, so that nothing flashes before the page is there. */
const BACKGROUND = { light: '#ffffff', dark: '#242424' };

export interface WindowOptions {
  /** Absolute path of the preload file. */
  readonly preload: string;
  /** Of the page. */
  readonly url: string;
  /** Where the window's place is kept. */
  readonly stateFile: string;
  readonly hub: EventHub;
  /** Something that must not be cut off unasked goes on. */
  readonly isBusy: () => boolean;
  /** Asks the person what is to become of it. */
  readonly confirmClose: () => Promise<CloseChoice>;
}

export function openWindow({ preload, url, stateFile, hub, isBusy, confirmClose }: WindowOptions): BrowserWindow {
  const { bounds, maximized } = readWindowPlace(stateFile);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    title: 'Prospect',
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false, // its dictionaries are fetched from the network
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  // Charts go on while a run is watched from the corner of an eye.
  window.webContents.setBackgroundThrottling(false);
  const unsubscribe = hub.subscribe((message) => window.webContents.send(CHANNELS.event, message));
  askBeforeClosing(window, { isBusy, confirmClose });
  window.on('close', () => saveWindowPlace(stateFile, window));
  window.once('closed', unsubscribe);
  void window.loadURL(url);
  return window;
}

/** Brings the window to the front. @returns false if there is none */
export function focusWindow(): boolean {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) return false;
  if (window.isMinimized()) window.restore();
  // It may have been closed while a run went on.
  window.show();
  window.focus();
  return true;
}

function askBeforeClosing(window: BrowserWindow, { isBusy, confirmClose }: Pick<WindowOptions, 'isBusy' | 'confirmClose'>): void {
  let asking = false;
  let allowed = false;
  const ask = async (): Promise<void> => {
    asking = true;
    const choice = await confirmClose();
    asking = false;
    allowed = choice === 'stop';
    if (choice === 'background') window.hide();
    if (allowed) window.close();
  };
  window.on('close', (event) => {
    if (allowed || !isBusy()) return;
    event.preventDefault();
    if (!asking) void ask();
  });
}
