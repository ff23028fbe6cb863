/** @file The Electron host: opens the data folder, serves the page, opens the window, and ends in order. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog } from 'electron';
import { AppError } from '#contract/errors.ts';
import { APP_ORIGIN, declareAppScheme, serveAppScheme } from '#app/app-protocol.ts';
import { quitWhenDone } from '#app/background.ts';
import { confirmClose, electronDesktop } from '#app/dialogs.ts';
import { logCrashes } from '#app/logging.ts';
import { setMenu } from '#app/menu.ts';
import { collectOpenedFiles } from '#app/open-file.ts';
import { watchPower } from '#app/power.ts';
import { quitInOrder } from '#app/quit.ts';
import { forbidEverythingElse } from '#app/security.ts';
import { beTheOnlyInstance } from '#app/single-instance.ts';
import { utilityJob } from '#app/utility-job.ts';
import { focusWindow, openWindow } from '#app/window.ts';
import { aboutThis } from '#host/about.ts';
import { dataDirFor, dataDirArgument } from '#host/data-dir.ts';
import { openLog } from '#host/open-log.ts';
import { logFileIn, openServices, type OpenHost } from '#host/open-services.ts';
import { resourcesDirOf } from '#host/resources-dir.ts';
import { listWindowFiles } from '#host/window-files.ts';
import { createDispatch } from '#ipc/dispatch.ts';
import { handlers } from '#ipc/handlers.ts';
import { registerIpc } from '#ipc/register.ts';

const DIST = fileURLToPath(new URL('.', import.meta.url));
const { argv, env, platform } = process;
/** Set by electron-vite's development server; a packaged program has none. */
const developmentUrl = app.isPackaged ? undefined : env['ELECTRON_RENDERER_URL'];
const pageUrl = developmentUrl ?? `${APP_ORIGIN}/index.html`;
const pageOrigin = developmentUrl === undefined ? APP_ORIGIN : new URL(developmentUrl).origin;
const dataDir = dataDirFor({ chosen: dataDirArgument(argv), env, platform, homeDir: app.getPath('home') });

declareAppScheme();
// Chromium's own files; also what tells instances apart, so that two data folders can be open at a time.
app.setPath('userData', join(dataDir, 'window'));

let host: OpenHost | undefined;
const isFirst = beTheOnlyInstance({ onSecond: focusWindow, onFiles: (paths) => paths.forEach((path) => host?.opened.add(path)) });
// Not awaited: Electron gets ready only when this module has been run.
if (isFirst) void start();
else app.quit();

async function start(): Promise<void> {
  const logFile = logFileIn(dataDir);
  const logger = openLog({ file: logFile, onTerminal: !app.isPackaged });
  logCrashes(logger, process);
  const tellOutput = (text: string): void => logger.warn(`A job says: ${text.trim()}`);
  try {
    host = openServices({
      dataDir,
      logFile,
      logger,
      uploads: null,
      desktop: electronDesktop,
      about: aboutThis('electron', { electronVersion: process.versions['electron'] ?? null, distFolder: DIST }),
      spawnJob: utilityJob(join(DIST, 'worker.js'), tellOutput),
      spawnInquiry: utilityJob(join(DIST, 'inquiry.js'), tellOutput),
      spawnChat: utilityJob(join(DIST, 'chat-worker.js'), tellOutput),
      resourcesDir: resourcesDirOf(DIST),
      env,
    });
    // Before the app is ready: macOS tells of files early.
    collectOpenedFiles(host.opened, { argv: argv.slice(1), folder: process.cwd() });
    await app.whenReady();
    openFirstWindow(host);
  } catch (error) {
    logger.error('Prospect could not start.', error);
    dialog.showErrorBox('Prospect could not start', error instanceof AppError ? error.message : `${String(error)}\n\nThe log: ${logFile}`);
    app.exit(1);
  }
}

function openFirstWindow({ services, hub, activity, shutdown }: OpenHost): void {
  const { logger, emit, desktop } = services;
  const quit = quitInOrder(shutdown, platform);
  forbidEverythingElse({ origins: [pageOrigin], logger });
  if (developmentUrl === undefined) serveAppScheme(listWindowFiles(join(DIST, 'renderer')));
  registerIpc({ dispatch: createDispatch(handlers, services), origin: pageOrigin, logger });
  watchPower({ activity, emit, logger });
  quitWhenDone(activity);
  setMenu({
    platform,
    isDevelopment: developmentUrl !== undefined,
    choose: (command) => emit('app.menuChosen', { command }),
    openLog: () => void desktop.open(services.logFile),
    revealDataFolder: () => void desktop.reveal(dataDir),
  });
  const open = (): void =>
    void openWindow({
      preload: join(DIST, 'preload', 'index.cjs'),
      url: pageUrl,
      stateFile: join(dataDir, 'window.json'),
      hub,
      isBusy: () => activity.current.length > 0,
      confirmClose: async () => {
        const choice = await confirmClose(activity.current);
        if (choice !== 'stop') quit.cancel();
        return choice;
      },
    });
  app.on('activate', () => {
    if (!focusWindow()) open();
  });
  open();
  services.setup.welcome();
}
