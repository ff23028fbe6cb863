/** @file Opens everything that handlers need, in the same way for both hosts: the log, the store, events, work that goes on. */
import { join } from 'node:path';
import type { SpawnChat } from '#chat/chat-process.ts';
import type { About, Desktop, Logger, Services } from '#ipc/services.ts';
import { getPreferences } from '#ipc/preferences.ts';
import type { SpawnInquiry } from '#inquiries/ask-inquiry.ts';
import { WaitingImports } from '#ipc/waiting-imports.ts';
import type { SpawnJob } from '#jobs/job-process.ts';
import { getEngineChoice } from '#setup/engine-choice.ts';
import { openPlaygrounds } from '#playground/open-playgrounds.ts';
import { createSetup } from '#setup/setup.ts';
import { hubAccess } from '#setup/surroundings.ts';
import { RunSupervisor } from '#runs/supervisor.ts';
import { openStore } from '#store/open-store.ts';
import { createActivityList, type ActivityList } from './activity-list.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { createHandedFiles, type UploadedFiles } from './handed-files.ts';
import { createOpenedFiles, type OpenedFiles } from './opened-files.ts';
import { createTaskList } from './task-list.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';

export interface HostParts {
  /** Absolute. */
  readonly dataDir: string;
  readonly logFile: string;
  readonly logger: Logger;
  readonly desktop: Desktop;
  readonly about: About;
  /** Null where windows don't send files. */
  readonly uploads: UploadedFiles | null;
  readonly spawnJob: SpawnJob;
  readonly spawnInquiry: SpawnInquiry;
  readonly spawnChat: SpawnChat;
  /** What comes with the program. */
  readonly resourcesDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface OpenHost {
  readonly services: Services;
  readonly hub: EventHub;
  readonly activity: ActivityList;
  readonly opened: OpenedFiles;
  readonly shutdown: Shutdown;
}

export function logFileIn(dataDir: string): string {
  return join(dataDir, 'logs', 'prospect.log');
}

/** @throws {StoreError} with the choices a person has, if the store does not open */
export function openServices(parts: HostParts): OpenHost {
  const { dataDir, logFile, logger, desktop, about, uploads, spawnJob, spawnInquiry, spawnChat, resourcesDir, env } = parts;
  const shutdown = createShutdown(logger);
  const store = openStore(dataDir);
  shutdown.add(() => store.close());
  const hub = createEventHub();
  const activity = createActivityList();
  const opened = createOpenedFiles(() => hub.emit('files.opened'));
  const files = createHandedFiles({ uploads, opened });
  const around = {
    store,
    dataDir,
    resourcesDir,
    spawnInquiry,
    hub: hubAccess(env),
    offersSample: !env['PROSPECT_NO_SAMPLE'],
    logger,
    emit: hub.emit,
    activity,
  };
  const setup = createSetup(around, () => getPreferences(store).offline);
  shutdown.add(() => setup.close());
  const cacheDir = join(dataDir, 'cache');
  const runs = new RunSupervisor({
    store,
    cacheDir,
    spawnJob,
    engineChoice: () => getEngineChoice(store),
    clock: Date.now,
    nowMs: () => performance.now(),
    logger,
    emit: hub.emit,
    activity,
  });
  shutdown.add(() => runs.close());
  const playing = openPlaygrounds({ store, cacheDir, spawnChat, spawnInquiry, logger, emit: hub.emit, underWay: () => runs.underWay }, hub);
  shutdown.add(() => playing.playgrounds.close());
  const tasks = createTaskList({ emit: hub.emit, nowMs: () => performance.now() });
  shutdown.add(() => tasks.end());
  const services: Services = {
    store,
    dataDir,
    logFile,
    clock: Date.now,
    logger,
    emit: hub.emit,
    desktop,
    files,
    activity,
    runs,
    tasks,
    waitingImports: new WaitingImports(),
    about,
    spawnJob,
    spawnInquiry,
    spawnChat,
    ...playing,
    setup,
    onShutdown: shutdown.add,
  };
  logger.info(
    `Prospect ${about.version} (${about.host}, Node ${process.versions.node}, ${process.platform} ${process.arch}) opened ${dataDir}.`,
  );
  return { services, hub, activity, opened, shutdown };
}
