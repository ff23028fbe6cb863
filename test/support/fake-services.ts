/** @file Services for tests of handlers: a store in a folder of the test, and records of what the host was asked to do. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createActivityList } from '#host/activity-list.ts';
import { createEventHub, type EventHub, type EventMessage } from '#host/event-hub.ts';
import { createHandedFiles } from '#host/handed-files.ts';
import { createOpenedFiles, type OpenedFiles } from '#host/opened-files.ts';
import type { Desktop, Services } from '#ipc/services.ts';
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

/** @param changes - replace what a test is about */
export async function fakeServices(changes: Partial<Services> & { readonly desktop?: Desktop } = {}): Promise<FakeServices> {
  const dataDir = await temporaryFolder();
  const store = openStore(dataDir, { now: () => NOW });
  onTestFinished(() => store.close());
  const hub = createEventHub();
  const told: EventMessage[] = [];
  const logged: string[] = [];
  const opened = createOpenedFiles(() => hub.emit('files.opened'));
  hub.subscribe((message) => void told.push(message));
  return {
    store,
    dataDir,
    logFile: join(dataDir, 'logs', 'prospect.log'),
    clock: () => NOW,
    logger: {
      info: (message) => void logged.push(`info ${message}`),
      warn: (message) => void logged.push(`warn ${message}`),
      error: (message, cause) => void logged.push(`error ${message} ${cause instanceof Error ? cause.message : ''}`.trimEnd()),
    },
    emit: hub.emit,
    desktop: { reveal: () => Promise.resolve(true), open: () => Promise.resolve(true), pick: () => Promise.resolve(null) },
    files: createHandedFiles({ uploads: null, opened }),
    activity: createActivityList(),
    about: { host: 'browser', version: '0.0.0-test', electronVersion: null, licenceFiles: [] },
    spawnJob: () => {
      throw new Error('No job was expected.');
    },
    onShutdown: () => undefined,
    hub,
    opened,
    told,
    logged,
    ...changes,
  };
}
