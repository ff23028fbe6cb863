/** @file Opens everything that handlers need, in the same way for both hosts: the log, the store, events, work that goes on. */
import { join } from 'node:path';
import type { SpawnChat } from '#chat/chat-process.ts';
import type { EngineChoice } from '#contract/engines.ts';
import type { About, Desktop, Emit, Logger, Services } from '#ipc/services.ts';
import { getPreferences } from '#ipc/preferences.ts';
import type { SpawnInquiry } from '#inquiries/ask-inquiry.ts';
import { WaitingImports } from '#ipc/waiting-imports.ts';
import type { SpawnJob } from '#jobs/job-process.ts';
import { getEngineChoice } from '#setup/engine-choice.ts';
import { openPlaygrounds } from '#playground/open-playgrounds.ts';
import { createSetup, type Setup } from '#setup/setup.ts';
import { hubAccess } from '#setup/surroundings.ts';
import { RunSupervisor } from '#runs/supervisor.ts';
import { openStore } from '#store/open-store.ts';
import type { Store } from '#store/store.ts';
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
  const { dataDir, logFile, logger, desktop, about, uploads, spawnJob, spawnInquiry, spawnChat } = parts;
  const shutdown = createShutdown(logger);
  const store = openStore(dataDir);
  shutdown.add(() => store.close());
  const hub = createEventHub();
  const activity = createActivityList();
  const core: Core = { store, activity, emit: hub.emit };
  const setup = openSetup(parts, core);
  shutdown.add(() => setup.close());
  const runs = openRuns(parts, core);
  shutdown.add(() => runs.close());
  const cacheDir = cacheIn(dataDir);
  const playing = openPlaygrounds({ store, cacheDir, spawnChat, spawnInquiry, logger, emit: hub.emit, underWay: () => runs.underWay }, hub);
  shutdown.add(() => playing.playgrounds.close());
  const tasks = createTaskList({ emit: hub.emit, nowMs: monotonicMs });
  shutdown.add(() => tasks.end());
  const opened = createOpenedFiles((kind) => hub.emit(kind === 'archive' ? 'archives.opened' : 'files.opened'));
  const files = createHandedFiles({ uploads, opened });
  const told = { dataDir, logFile, logger, desktop, about, clock: Date.now };
  const processes = { spawnJob, spawnInquiry, spawnChat, onShutdown: shutdown.add };
  const waitingImports = new WaitingImports();
  const services: Services = { ...core, ...told, ...processes, ...playing, files, runs, tasks, waitingImports, setup };
  logger.info(
    `Prospect ${about.version} (${about.host}, Node ${process.versions.node}, ${process.platform} ${process.arch}) opened ${dataDir}.`,
  );
  return { services, hub, activity, opened, shutdown };
}

/** What everything else is made with. */
interface Core {
  readonly store: Store;
  readonly activity: ActivityList;
  readonly emit: Emit;
}

function openSetup({ dataDir, resourcesDir, spawnInquiry, logger, env }: HostParts, core: Core): Setup {
  const around = {
    ...core,
    dataDir,
    resourcesDir,
    spawnInquiry,
    logger,
    hub: hubAccess(env),
    offersSample: !env['PROSPECT_NO_SAMPLE'],
  };
  return createSetup(around, () => getPreferences(core.store).offline);
}

function openRuns({ dataDir, spawnJob, logger }: HostParts, core: Core): RunSupervisor {
  const engineChoice = (): EngineChoice => getEngineChoice(core.store);
  return new RunSupervisor({ ...core, cacheDir: cacheIn(dataDir), spawnJob, engineChoice, clock: Date.now, nowMs: monotonicMs, logger });
}

/** Where converted weights, references and what was measured are kept. */
function cacheIn(dataDir: string): string {
  return join(dataDir, 'cache');
}

function monotonicMs(): number {
  return performance.now();
}
