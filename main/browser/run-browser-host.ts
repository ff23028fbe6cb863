/** @file The browser host as a whole: opens the data folder, serves it, and ends everything in order. */
import { join } from 'node:path';
import { aboutThis } from '#host/about.ts';
import { dataDirFor } from '#host/data-dir.ts';
import { hasDisplay } from '#host/has-display.ts';
import { openLog } from '#host/open-log.ts';
import { logFileIn, openServices } from '#host/open-services.ts';
import { resourcesDirOf } from '#host/resources-dir.ts';
import { listWindowFiles } from '#host/window-files.ts';
import { createDispatch } from '#ipc/dispatch.ts';
import { handlers } from '#ipc/handlers.ts';
import { forkChild } from '#processes/fork-child.ts';
import { browserDesktop } from './browser-desktop.ts';
import { serveBrowser, type BrowserHost } from './serve-browser.ts';
import { Uploads } from './uploads.ts';

export interface RunBrowserHostOptions {
  readonly chosenDataDir: string | undefined;
  /** 0: one that is free. */
  readonly port: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** What the build made. */
  readonly distFolder: string;
  /** Show the window in the person's browser at once. */
  readonly open: boolean;
}

/** @throws {AppError} if the data folder, the window's files or the port can't be had; nothing is left open then */
export async function runBrowserHost(options: RunBrowserHostOptions): Promise<BrowserHost> {
  const { platform, env, port, distFolder } = options;
  const files = listWindowFiles(join(distFolder, 'renderer'));
  const dataDir = dataDirFor({ chosen: options.chosenDataDir, env, platform });
  const logFile = logFileIn(dataDir);
  const logger = openLog({ file: logFile, onTerminal: true });
  const uploads = new Uploads({ folder: join(dataDir, 'uploads') });
  const tellOutput = (text: string): void => logger.warn(`A job says: ${text.trim()}`);
  const desktop = browserDesktop({ platform, hasDisplay: hasDisplay(platform, env) });
  const { services, hub, shutdown } = openServices({
    dataDir,
    logFile,
    logger,
    uploads,
    desktop,
    spawnJob: forkChild(join(distFolder, 'worker.js'), tellOutput),
    spawnInquiry: forkChild(join(distFolder, 'inquiry.js'), tellOutput),
    spawnChat: forkChild(join(distFolder, 'chat-worker.js'), tellOutput),
    resourcesDir: resourcesDirOf(distFolder),
    env,
    about: aboutThis('browser', { electronVersion: null, distFolder }),
  });
  try {
    const host = await serveBrowser({ port, files, uploads, hub, logger, dispatch: createDispatch(handlers, services) });
    shutdown.add(() => host.close());
    if (options.open) await desktop.open(host.urlForOnce());
    services.setup.welcome();
    return { ...host, close: shutdown.run };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}
