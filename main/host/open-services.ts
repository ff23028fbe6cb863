/** @file Opens everything that handlers need, in the same way for both hosts: the log, the store, events, work that goes on. */
import { join } from 'node:path';
import type { About, Desktop, Logger, Services } from '#ipc/services.ts';
import type { SpawnJob } from '#jobs/job-process.ts';
import { openStore } from '#store/open-store.ts';
import { createActivityList, type ActivityList } from './activity-list.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { createHandedFiles, type UploadedFiles } from './handed-files.ts';
import { createOpenedFiles, type OpenedFiles } from './opened-files.ts';
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
export function openServices({ dataDir, logFile, logger, desktop, about, uploads, spawnJob }: HostParts): OpenHost {
  const shutdown = createShutdown(logger);
  const store = openStore(dataDir);
  shutdown.add(() => store.close());
  const hub = createEventHub();
  const activity = createActivityList();
  const opened = createOpenedFiles(() => hub.emit('files.opened'));
  const files = createHandedFiles({ uploads, opened });
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
    about,
    spawnJob,
    onShutdown: shutdown.add,
  };
  logger.info(
    `Prospect ${about.version} (${about.host}, Node ${process.versions.node}, ${process.platform} ${process.arch}) opened ${dataDir}.`,
  );
  return { services, hub, activity, opened, shutdown };
}
