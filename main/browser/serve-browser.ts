/** @file Serves the window to a browser on this machine: files, one WebSocket a page, uploads. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { StorageError } from '#contract/errors.ts';
import type { EventHub } from '#host/event-hub.ts';
import type { WindowFiles } from '#host/window-files.ts';
import type { Dispatch } from '#ipc/dispatch.ts';
import type { Logger } from '#ipc/services.ts';
import { createGuard, type Guard } from './guard.ts';
import { serveSocket } from './socket.ts';
import type { Uploads } from './uploads.ts';
import { createWebServer } from './web-server.ts';

/** Never another: what listens on it can't be reached from another machine. */
const ADDRESS = '127.0.0.1';

export interface BrowserHostOptions {
  /** 0: one that is free. */
  readonly port: number;
  readonly files: WindowFiles;
  readonly uploads: Uploads;
  readonly dispatch: Dispatch;
  readonly hub: EventHub;
  readonly logger: Logger;
}

export interface BrowserHost {
  /** The link with its token; whoever has it can do what the person can. */
  readonly url: string;
  /** A link that works once. */
  urlForOnce(): string;
  close(): Promise<void>;
}

/** @throws {StorageError} if the port is taken */
export async function serveBrowser({ port, files, uploads, dispatch, hub, logger }: BrowserHostOptions): Promise<BrowserHost> {
  let guard: Guard | undefined;
  const server = createWebServer({ files, uploads, logger, guard: () => (guard ??= createGuard(`${ADDRESS}:${portOf(server)}`)) });
  server.listen(port, ADDRESS);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { message } = error as Error;
    throw new StorageError(
      `Port ${port} of ${ADDRESS} can't be used (${message}). Choose another with --port.`,
      { file: `${ADDRESS}:${port}` },
      { cause: error },
    );
  }
  const ready = (guard ??= createGuard(`${ADDRESS}:${portOf(server)}`));
  const endSockets = serveSocket(server, { guard: ready, dispatch, hub, logger });
  const linkWith = (token: string): string => `http://${ADDRESS}:${portOf(server)}/#token=${token}`;
  return {
    url: linkWith(ready.token),
    urlForOnce: () => linkWith(ready.issueTicket()),
    async close() {
      endSockets();
      server.close();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 1000).unref();
      await once(server, 'close');
      uploads.clear();
    },
  };
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  return (server.address() as AddressInfo).port;
}
