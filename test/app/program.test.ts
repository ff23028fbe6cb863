/** @file The rest of what Electron is asked for: menu, dialogs, files, sleep, jobs, crashes and the end. */
import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { quitWhenDone } from '#app/background.ts';
import { confirmClose, electronDesktop } from '#app/dialogs.ts';
import { logCrashes } from '#app/logging.ts';
import { menuTemplate, setMenu } from '#app/menu.ts';
import { collectOpenedFiles } from '#app/open-file.ts';
import { watchPower } from '#app/power.ts';
import { quitInOrder } from '#app/quit.ts';
import { beTheOnlyInstance } from '#app/single-instance.ts';
import { utilityJob } from '#app/utility-job.ts';
import type { OpenChat } from '#chat/chat-messages.ts';
import { ChatProcess } from '#chat/chat-process.ts';
import { createActivityList } from '#host/activity-list.ts';
import { createEventHub } from '#host/event-hub.ts';
import { createOpenedFiles } from '#host/opened-files.ts';
import { createShutdown } from '#host/shutdown.ts';
import type { Logger } from '#ipc/services.ts';
import { app, BrowserWindow, fake, powerMonitor, resetFakeElectron } from '#test/support/fake-electron.ts';

vi.mock('electron', () => import('#test/support/fake-electron.ts'));

const logged: string[] = [];
const log = (line: string, cause?: unknown): void => void logged.push(cause instanceof Error ? `${line} ${cause.message}` : line);
const logger: Logger = { info: log, warn: log, error: log };

beforeEach(() => {
  resetFakeElectron();
  logged.length = 0;
});

interface Item {
  readonly label?: string;
  readonly role?: string;
  readonly accelerator?: string;
  readonly click?: () => void;
  readonly submenu?: readonly Item[];
}
const itemsOf = (items: readonly Item[]): readonly Item[] => items.flatMap((item) => [item, ...itemsOf(item.submenu ?? [])]);

function menuOf(platform: NodeJS.Platform, isDevelopment = false) {
  const chosen: string[] = [];
  const options = {
    choose: (command: string) => chosen.push(command),
    openLog: () => chosen.push('log'),
    revealDataFolder: () => chosen.push('data'),
  };
  return { chosen, items: itemsOf(menuTemplate({ platform, isDevelopment, ...options }) as unknown as readonly Item[]) };
}

test.each(['linux', 'win32', 'darwin'] as const)('on %s the menu has what people look for, each with its usual key', (platform) => {
  const { chosen, items } = menuOf(platform);
  const keys = Object.fromEntries(items.flatMap(({ label, accelerator }) => (accelerator ? [[label, accelerator]] : [])));
  expect(keys).toEqual({ 'New Project…': 'CmdOrCtrl+N', 'Import…': 'CmdOrCtrl+O', 'Preferences…': 'CmdOrCtrl+,' });
  for (const { click } of items) click?.();
  expect(chosen.toSorted()).toEqual(['about', 'data', 'import', 'log', 'new-project', 'preferences']);
  const roles = items.map(({ role }) => role);
  expect(roles).toEqual(expect.arrayContaining(['editMenu', 'zoomIn', 'zoomOut', 'resetZoom', 'quit']));
  expect(roles.includes('appMenu')).toBe(platform === 'darwin');
});

test('reload and developer tools are for development only', () => {
  expect(menuOf('linux').items.map(({ role }) => role)).not.toContain('reload');
  expect(menuOf('linux', true).items.map(({ role }) => role)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']));
  setMenu({
    platform: 'linux',
    isDevelopment: false,
    choose: () => undefined,
    openLog: () => undefined,
    revealDataFolder: () => undefined,
  });
  expect(fake.menu).not.toBeNull();
});

test('files and folders are picked in the system dialog, in front of the window if there is one', async () => {
  fake.picked = ['/data/prefs.csv'];
  expect(await electronDesktop.pick('dataset')).toEqual(['/data/prefs.csv']);
  expect(new BrowserWindow({}).visible).toBe(false);
  await electronDesktop.pick('model-folder');
  expect(fake.asked).toMatchObject([{ properties: ['openFile', 'multiSelections'] }, { properties: ['openDirectory'] }]);
});

test('files are shown and opened by the system, which may refuse', async () => {
  expect(await electronDesktop.reveal('/a')).toBe(true);
  expect(await electronDesktop.open('/b')).toBe(true);
  fake.openPathError = 'no program for it';
  expect(await electronDesktop.open('/c')).toBe(false);
  expect(fake.shown).toEqual(['/a', '/b', '/c']);
});

test('what would be cut off is named, and nothing is cut off by a careless answer', async () => {
  expect(await confirmClose(['Run 12', 'Run 13'])).toBe('stay');
  expect(fake.asked[0]).toMatchObject({ message: 'Run 12, Run 13 are under way.', defaultId: 0, cancelId: 2 });
  fake.answers.push(0, 1);
  expect(await confirmClose(['Run 12'])).toBe('background');
  expect(await confirmClose(['Run 12'])).toBe('stop');
});

test('a program without a window ends with its last run, one with a window stays', () => {
  const activity = createActivityList();
  quitWhenDone(activity);
  const window = new BrowserWindow({});
  window.show();
  const quits = vi.spyOn(app, 'quit').mockReturnValue();
  activity.begin('Run 1')();
  expect(quits).not.toHaveBeenCalled();
  window.minimized = true;
  window.hide();
  activity.begin('Run 2')();
  expect(quits).not.toHaveBeenCalled();
  window.minimized = false;
  const ends = [activity.begin('Run 3'), activity.begin('Run 4')];
  ends[0]?.();
  expect(quits).not.toHaveBeenCalled();
  ends[1]?.();
  expect(quits).toHaveBeenCalledOnce();
});

test('a second instance hands over its files and ends', () => {
  const files: string[] = [];
  let seconds = 0;
  const options = { onFiles: (paths: readonly string[]) => files.push(...paths), onSecond: () => seconds++ };
  expect(beTheOnlyInstance(options)).toBe(true);
  app.emit('second-instance', {}, ['prospect', '--flag', 'prefs.CSV', 'picture.png', '/abs/a.jsonl'], '/home/me');
  expect({ files, seconds }).toEqual({ files: ['/home/me/prefs.CSV', '/abs/a.jsonl'], seconds: 1 });
  fake.isOnlyInstance = false;
  expect(beTheOnlyInstance(options)).toBe(false);
});

test('files come by arguments and by the event of macOS', () => {
  const opened = createOpenedFiles(() => undefined);
  collectOpenedFiles(opened, { argv: ['.', '--data-dir', '/x', 'prefs.parquet', 'mine.prospect'], folder: '/home/me' });
  const preventDefault = vi.fn<() => void>();
  app.emit('open-file', { preventDefault }, '/Users/me/a.jsonl');
  expect(preventDefault).toHaveBeenCalledTimes(1);
  expect(opened.take('dataset')).toEqual(['/home/me/prefs.parquet', '/Users/me/a.jsonl']);
  expect(opened.take('archive')).toEqual(['/home/me/mine.prospect']);
});

test('the machine stays awake from the first run to the end of the last', () => {
  const activity = createActivityList();
  const told: unknown[] = [];
  const hub = createEventHub();
  hub.subscribe((message) => told.push(message));
  watchPower({ activity, emit: hub.emit, logger });
  const ends = [activity.begin('Run 1'), activity.begin('Run 2')];
  expect(fake.blockers.size).toBe(1);
  ends[0]?.();
  ends[0]?.();
  expect(fake.blockers.size).toBe(1);
  ends[1]?.();
  expect(fake.blockers.size).toBe(0);
  const endHeld = activity.begin('Run 3', { keepsAwake: false });
  expect([fake.blockers.size, activity.current]).toEqual([0, ['Run 3']]);
  endHeld();
  powerMonitor.emit('suspend');
  powerMonitor.emit('resume');
  expect(told).toEqual([
    { name: 'app.powerChanged', payload: { state: 'suspended' } },
    { name: 'app.powerChanged', payload: { state: 'resumed' } },
  ]);
});

test('a job is a utility process that is told, tells, and can be killed', async () => {
  const output: string[] = [];
  const job = utilityJob('/dist/worker.js', (text) => output.push(text))();
  const [child] = fake.forked;
  const received: unknown[] = [];
  const ends: unknown[] = [];
  job.onMessage((message) => received.push(message));
  job.onExit((...end) => ends.push(end));
  job.send({ type: 'pause' });
  child?.emit('message', { type: 'ready' });
  job.kill();
  child?.emit('exit', 137);
  await vi.waitFor(() => expect(output.toSorted()).toEqual(['err', 'out']));
  expect({ program: child?.program, sent: child?.sent, killed: child?.killed, received, ends, pid: job.pid }).toEqual({
    program: '/dist/worker.js',
    sent: [{ type: 'pause' }],
    killed: true,
    received: [{ type: 'ready' }],
    ends: [[137, null]],
    pid: 4711,
  });
});

test('llama.cpp runs in a utility process: it is opened, says what it is, is told to stop, and its end is a sentence', async () => {
  const chat = new ChatProcess(utilityJob('/dist/chat-worker.js', () => undefined));
  const [child] = fake.forked;
  const request: OpenChat = {
    modelDir: '/m',
    ggufFile: '/m.gguf',
    dtype: 'Q8_0',
    cacheDir: '/c',
    gpu: 'auto',
    contextTokens: null,
    threads: null,
    exact: false,
  };
  const opening = chat.open(request);
  expect(child?.program).toBe('/dist/chat-worker.js');
  expect(child?.sent).toEqual([{ type: 'open', id: 1, request }]);
  const facts = { ggufFile: '/m.gguf', converted: false, contextTokens: 512, device: 'CPU', hasChatTemplate: true, notes: [] };
  child?.emit('message', { type: 'opened', id: 1, result: facts });
  expect(await opening).toEqual(facts);
  const stop = new AbortController();
  const sampling = { maxNewTokens: 1, greedy: true, temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 };
  const answer = chat.answer({ adapter: null, prompt: { form: 'text', text: 'Hi' }, sampling, seed: 0 }, { signal: stop.signal });
  stop.abort();
  expect(child?.sent.at(-1)).toEqual({ type: 'stop', id: 2 });
  // Electron does not tell the signal.
  child?.emit('exit', 9);
  await expect(answer).rejects.toThrow(/The chat process ended with exit code 9\. Open the chat again\./);
  await expect(chat.ended).resolves.toMatchObject({ code: 'internal' });
});

test('crashes are in the log, and a page that crashed comes back', () => {
  const fakeProcess = new EventEmitter();
  logCrashes(logger, fakeProcess);
  fakeProcess.emit('uncaughtException', new Error('boom'));
  fakeProcess.emit('unhandledRejection', new Error('bust'));
  const { webContents } = new BrowserWindow({});
  app.emit('render-process-gone', {}, webContents, { reason: 'oom', exitCode: 5 });
  app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 1 });
  app.emit('child-process-gone', {}, { type: 'Utility', reason: 'clean-exit', exitCode: 0 });
  expect(logged.join('\n')).toMatch(/boom[^]*bust[^]*oom[^]*GPU/);
  expect(logged).toHaveLength(4);
  expect(webContents.reloads).toBe(1);
});

test('everything is closed before the process goes', async () => {
  const shutdown = createShutdown(logger);
  const closed: string[] = [];
  shutdown.add(() => void closed.push('store'));
  shutdown.add(() => void closed.push('runs'));
  quitInOrder(shutdown, 'linux');
  app.emit('window-all-closed');
  expect(fake.exitCode).toBeNull();
  await vi.waitFor(() => expect(fake.exitCode).toBe(0));
  expect(closed).toEqual(['runs', 'store']);
});

test('on macOS the program stays until it is quit, even if a window asked first', async () => {
  const quit = quitInOrder(createShutdown(logger), 'darwin');
  app.emit('window-all-closed');
  app.emit('before-quit', {});
  quit.cancel();
  app.emit('window-all-closed');
  expect(fake.exitCode).toBeNull();
  app.emit('before-quit', {});
  app.emit('window-all-closed');
  await vi.waitFor(() => expect(fake.exitCode).toBe(0));
});
