/** @file Services for tests of handlers: a store in a folder of the test, and records of what the host was asked to do. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ToChat } from '#chat/chat-messages.ts';
import { createActivityList } from '#host/activity-list.ts';
import { createEventHub, type EventHub, type EventMessage } from '#host/event-hub.ts';
import { createHandedFiles } from '#host/handed-files.ts';
import { createOpenedFiles, type OpenedFiles } from '#host/opened-files.ts';
import { getPreferences } from '#ipc/preferences.ts';
import type { Desktop, Services } from '#ipc/services.ts';
import type { SpawnInquiry } from '#inquiries/ask-inquiry.ts';
import { forkChild } from '#processes/fork-child.ts';
import type { ToInquiry } from '#inquiries/inquiry-messages.ts';
import { getEngineChoice } from '#setup/engine-choice.ts';
import { openPlaygrounds } from '#playground/open-playgrounds.ts';
import { createSetup } from '#setup/setup.ts';
import type { SetupSurroundings } from '#setup/surroundings.ts';
import type { SpawnJob } from '#jobs/job-process.ts';
import { RunSupervisor } from '#runs/supervisor.ts';
import { createTaskList } from '#host/task-list.ts';
import { WaitingImports } from '#ipc/waiting-imports.ts';
import { openStore } from '#store/open-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Milliseconds since 1970. */
const NOW = 1_700_000_000_000;

export interface FakeServices extends Services {
  readonly hub: EventHub;
  readonly opened: OpenedFiles;
  /** Events in the order they were told. */
  readonly told: EventMessage[];
  /** Lines of the log, each with its level first. */
  readonly logged: string[];
}

/** The real program that answers questions. */
const INQUIRY = join(import.meta.dirname, '../../main/inquiries/worker.ts');
/** The real program that runs llama.cpp. */
const CHAT = join(import.meta.dirname, '../../main/chat/worker.ts');

interface Changes extends Partial<Services> {
  readonly desktop?: Desktop;
  readonly setupChanges?: Partial<SetupSurroundings>;
  /** Of converted models, where several tests may share it. */
  readonly cacheDir?: string;
}

/** @param changes - replace what a test is about */
export async function fakeServices({ setupChanges, cacheDir: sharedCache, ...changes }: Changes = {}): Promise<FakeServices> {
  const dataDir = await temporaryFolder();
  const store = openStore(dataDir, { now: () => NOW });
  onTestFinished(() => store.close());
  const hub = createEventHub();
  const told: EventMessage[] = [];
  const logged: string[] = [];
  const opened = createOpenedFiles(() => hub.emit('files.opened'));
  hub.subscribe((message) => void told.push(message));
  const logger = {
    info: (message: string) => void logged.push(`info ${message}`),
    warn: (message: string) => void logged.push(`warn ${message}`),
    error: (message: string, cause?: unknown) =>
      void logged.push(`error ${message} ${cause instanceof Error ? cause.message : ''}`.trimEnd()),
  };
  const activity = createActivityList();
  const spawnInquiry: SpawnInquiry = forkChild<ToInquiry>(INQUIRY, (text) => logger.error(text));
  const around = {
    store,
    dataDir,
    resourcesDir: join(dataDir, 'resources'),
    spawnInquiry,
    hub: { url: 'http://127.0.0.1:9', forbidden: null },
    offersSample: true,
    logger,
    emit: hub.emit,
    activity,
    ...setupChanges,
  };
  const setup = createSetup(around, () => getPreferences(store).offline);
  onTestFinished(() => setup.close());
  const spawnJob: SpawnJob =
    changes.spawnJob ??
    (() => {
      throw new Error('No job was expected.');
    });
  const runs = new RunSupervisor({
    store,
    cacheDir: join(dataDir, 'cache'),
    spawnJob,
    engineChoice: () => getEngineChoice(store),
    clock: () => NOW,
    nowMs: () => performance.now(),
    logger,
    emit: hub.emit,
    activity,
  });
  onTestFinished(() => runs.close());
  const spawnChat = changes.spawnChat ?? forkChild<ToChat>(CHAT, (text) => logger.error(text));
  const cacheDir = sharedCache ?? join(dataDir, 'cache');
  const playing = openPlaygrounds({ store, cacheDir, spawnChat, spawnInquiry, logger, emit: hub.emit, underWay: () => runs.underWay }, hub);
  onTestFinished(() => playing.playgrounds.close());
  return {
    store,
    dataDir,
    logFile: join(dataDir, 'logs', 'prospect.log'),
    clock: () => NOW,
    logger,
    emit: hub.emit,
    desktop: {
      reveal: () => Promise.resolve(true),
      open: () => Promise.resolve(true),
      pick: () => Promise.resolve(null),
      pickTarget: () => Promise.resolve(null),
    },
    files: createHandedFiles({ uploads: null, opened }),
    activity,
    spawnInquiry,
    spawnChat,
    ...playing,
    setup,
    runs,
    tasks: createTaskList({ emit: hub.emit, nowMs: () => performance.now() }),
    waitingImports: new WaitingImports(),
    about: { host: 'browser', version: '0.0.0-test', electronVersion: null, licenceFiles: [] },
    spawnJob,
    onShutdown: () => undefined,
    hub,
    opened,
    told,
    logged,
    ...changes,
  };
}
