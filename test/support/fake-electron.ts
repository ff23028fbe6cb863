/** @file Electron without Electron: as much of its module as Prospect uses, which records what it was told and lets a test say what happens. */
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';

type Handler = (...values: never[]) => unknown;
interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const WORK_AREA: Bounds = { x: 0, y: 0, width: 1920, height: 1040 };

/** What was told, and what is answered; {@link resetFakeElectron} empties it. */
export const fake = {
  schemes: [] as unknown[],
  protocolHandlers: new Map<string, (request: { url: string; method: string }) => Promise<Response>>(),
  ipcHandlers: new Map<string, (event: unknown, message: unknown) => unknown>(),
  windows: [] as BrowserWindow[],
  menu: null as unknown,
  paths: new Map<string, string>(),
  displays: [WORK_AREA],
  isOnlyInstance: true,
  /** Answers of dialogs, first to last; else the last button, or nothing picked. */
  answers: [] as number[],
  picked: [] as string[],
  asked: [] as Record<string, unknown>[],
  errors: [] as string[],
  openedOutside: [] as string[],
  shown: [] as string[],
  openPathError: '',
  blockers: new Set<number>(),
  blockersStarted: 0,
  exitCode: null as number | null,
  forked: [] as FakeUtilityProcess[],
  exposed: new Map<string, unknown>(),
  invoked: [] as unknown[],
  permission: { request: null as Handler | null, check: null as Handler | null, device: null as Handler | null },
  beforeRequest: null as ((details: { url: string }, answer: (response: { cancel?: boolean }) => void) => void) | null,
};

class FakeApp extends EventEmitter {
  isPackaged = false;
  #ready = Promise.withResolvers<void>();

  getPath = (name: string): string => fake.paths.get(name) ?? `/fake/${name}`;
  setPath = (name: string, path: string): void => void fake.paths.set(name, path);
  requestSingleInstanceLock = (): boolean => fake.isOnlyInstance;
  whenReady = (): Promise<void> => this.#ready.promise;
  exit = (code = 0): void => void (fake.exitCode ??= code);

  /** What Electron does once the program's module was run. */
  becomeReady(): void {
    this.#ready.resolve();
    this.emit('ready');
  }

  quit(): void {
    let prevented = false;
    const event = {
      preventDefault: () => {
        prevented = true;
      },
    };
    this.emit('before-quit', event);
    for (const window of fake.windows.slice()) window.close();
    if (fake.windows.length > 0) return;
    this.emit('will-quit', event);
    if (!prevented) this.exit(0);
  }
}

class FakeWebContents extends EventEmitter {
  readonly sent: (readonly [string, unknown])[] = [];
  reloads = 0;
  openHandler: ((details: { url: string }) => { action: string }) | null = null;

  setWindowOpenHandler = (handler: (details: { url: string }) => { action: string }): void => void (this.openHandler = handler);
  setBackgroundThrottling = (): void => undefined;
  send = (channel: string, message: unknown): void => void this.sent.push([channel, message]);
  reload = (): void => void this.reloads++;
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows = (): BrowserWindow[] => fake.windows;
  static getFocusedWindow = (): BrowserWindow | null => fake.windows[0] ?? null;

  readonly webContents = new FakeWebContents();
  readonly options: Record<string, unknown>;
  url = '';
  visible = false;
  focused = 0;
  minimized = false;
  maximized = false;

  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    fake.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  show = (): void => void (this.visible = true);
  hide = (): void => void (this.visible = false);
  isVisible = (): boolean => this.visible;
  focus = (): void => void this.focused++;
  isMinimized = (): boolean => this.minimized;
  restore = (): void => void (this.minimized = false);
  maximize = (): void => void (this.maximized = true);
  isMaximized = (): boolean => this.maximized;
  getNormalBounds = (): Bounds => ({ x: 10, y: 20, width: 1200, height: 800 });

  loadURL(url: string): Promise<void> {
    this.url = url;
    return Promise.resolve();
  }

  close(): void {
    let prevented = false;
    this.emit('close', {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (prevented) return;
    fake.windows.splice(fake.windows.indexOf(this), 1);
    this.emit('closed');
    if (fake.windows.length === 0) app.emit('window-all-closed');
  }
}

class FakeUtilityProcess extends EventEmitter {
  readonly program: string;
  readonly pid = 4711;
  readonly sent: unknown[] = [];
  readonly stdout = Readable.from(['out']);
  readonly stderr = Readable.from(['err']);
  killed = false;

  constructor(program: string) {
    super();
    this.program = program;
  }

  postMessage = (message: unknown): void => void this.sent.push(message);
  kill = (): boolean => (this.killed = true);
}

export const app = new FakeApp();

export const ipcMain = {
  handle: (channel: string, handler: (event: unknown, message: unknown) => unknown): void => void fake.ipcHandlers.set(channel, handler),
};

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]): void => void fake.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: { url: string; method: string }) => Promise<Response>): void =>
    void fake.protocolHandlers.set(scheme, handler),
};

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: Handler): void => void (fake.permission.request = handler),
    setPermissionCheckHandler: (handler: Handler): void => void (fake.permission.check = handler),
    setDevicePermissionHandler: (handler: Handler): void => void (fake.permission.device = handler),
    webRequest: { onBeforeRequest: (handler: typeof fake.beforeRequest): void => void (fake.beforeRequest = handler) },
  },
};

/** The window it is asked in may come first. */
const optionsOf = (values: readonly unknown[]): Record<string, unknown> => values.at(-1) as Record<string, unknown>;

export const dialog = {
  showMessageBox(...values: unknown[]): Promise<{ response: number }> {
    const options = optionsOf(values);
    fake.asked.push(options);
    return Promise.resolve({ response: fake.answers.shift() ?? (options['buttons'] as string[]).length - 1 });
  },
  showOpenDialog(...values: unknown[]): Promise<{ filePaths: string[] }> {
    fake.asked.push(optionsOf(values));
    return Promise.resolve({ filePaths: fake.picked });
  },
  showErrorBox: (title: string, content: string): void => void fake.errors.push(`${title}: ${content}`),
};

export const shell = {
  openExternal: (url: string): Promise<void> => Promise.resolve(void fake.openedOutside.push(url)),
  openPath: (path: string): Promise<string> => Promise.resolve((fake.shown.push(path), fake.openPathError)),
  showItemInFolder: (path: string): void => void fake.shown.push(path),
};

export const screen = {
  getAllDisplays: (): { workArea: Bounds }[] => fake.displays.map((workArea) => ({ workArea })),
  getDisplayMatching: (): { workArea: Bounds } => ({ workArea: fake.displays[0] ?? WORK_AREA }),
};

export const Menu = {
  buildFromTemplate: (template: unknown): unknown => template,
  setApplicationMenu: (menu: unknown): void => void (fake.menu = menu),
};

export const nativeTheme = { shouldUseDarkColors: false };

export const powerMonitor = new EventEmitter();

export const powerSaveBlocker = {
  start(): number {
    fake.blockers.add(++fake.blockersStarted);
    return fake.blockersStarted;
  },
  stop: (id: number): boolean => fake.blockers.delete(id),
};

export const utilityProcess = {
  fork(program: string): FakeUtilityProcess {
    const child = new FakeUtilityProcess(program);
    fake.forked.push(child);
    return child;
  },
};

export const contextBridge = { exposeInMainWorld: (name: string, api: unknown): void => void fake.exposed.set(name, api) };

class FakeIpcRenderer extends EventEmitter {
  invoke = (...values: unknown[]): Promise<unknown> => Promise.resolve((fake.invoked.push(values), { ok: true, value: 'answer' }));
}
export const ipcRenderer = new FakeIpcRenderer();

export const webUtils = { getPathForFile: (file: { readonly path?: string }): string => file.path ?? '' };

/** As at the start of the program. */
export function resetFakeElectron(): void {
  for (const collection of [fake.protocolHandlers, fake.ipcHandlers, fake.paths, fake.blockers, fake.exposed]) collection.clear();
  for (const list of [fake.schemes, fake.windows, fake.answers, fake.picked, fake.asked, fake.errors, fake.openedOutside, fake.shown])
    list.length = 0;
  fake.forked.length = 0;
  fake.invoked.length = 0;
  Object.assign(fake, { menu: null, displays: [WORK_AREA], isOnlyInstance: true, openPathError: '', blockersStarted: 0, exitCode: null });
  for (const emitter of [app, powerMonitor, ipcRenderer]) emitter.removeAllListeners();
}
