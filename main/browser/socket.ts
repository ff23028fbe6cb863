/** @file The WebSocket of the browser host: a page says the token first, then asks; every page is told every event. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { CLOSE_CODES, PATHS } from '#contract/channels.ts';
import { Asked, Hello, type ToPage } from '#contract/wire.ts';
import type { EventHub } from '#host/event-hub.ts';
import type { Dispatch } from '#ipc/dispatch.ts';
import type { Logger } from '#ipc/services.ts';
import type { Guard } from './guard.ts';

/** A page says it at once. */
const HELLO_TIMEOUT_MS = 5000;
/** A request is a form's worth of text; files are sent otherwise. */
const MAX_MESSAGE_BYTES = 4 * 2 ** 20;
/** A page that doesn't read (a sleeping laptop's) must not fill the memory with events. */
const MAX_WAITING_BYTES = 64 * 2 ** 20;
/** More tabs than a person opens; before the token was said. */
const MAX_UNKNOWN = 16;

export interface SocketOptions {
  readonly guard: Guard;
  readonly dispatch: Dispatch;
  readonly hub: EventHub;
  readonly logger: Logger;
  readonly helloTimeoutMs?: number;
}

/** @returns how to end every connection */
export function serveSocket(server: Server, options: SocketOptions): () => void {
  const { guard, hub } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, clientTracking: true });
  /** Those that said the token. */
  const known = new Set<WebSocket>();

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    if (request.url !== PATHS.socket || !guard.hasOwnHost(request) || !guard.hasOwnOrigin(request)) refuse(stream, '403 Forbidden');
    else if (sockets.clients.size - known.size >= MAX_UNKNOWN) refuse(stream, '503 Service Unavailable');
    else sockets.handleUpgrade(request, stream, head, (socket) => admit(socket, known, options));
  });
  const unsubscribe = hub.subscribe(({ name, payload }) => {
    for (const socket of known) {
      if (socket.bufferedAmount > MAX_WAITING_BYTES) socket.terminate();
      else tell(socket, { type: 'event', name, payload });
    }
  });
  return () => {
    unsubscribe();
    for (const socket of sockets.clients) {
      socket.close(CLOSE_CODES.goingAway);
      // A page that does not answer does not keep the host from ending.
      setTimeout(() => socket.terminate(), 500).unref();
    }
    sockets.close();
  };
}

function admit(socket: WebSocket, known: Set<WebSocket>, options: SocketOptions): void {
  const { guard, logger, helloTimeoutMs = HELLO_TIMEOUT_MS } = options;
  const timer = setTimeout(() => socket.close(CLOSE_CODES.wrongToken), helloTimeoutMs);
  socket.on('error', (error) => logger.warn(`A page's connection failed: ${error.message}`));
  socket.on('close', () => {
    clearTimeout(timer);
    known.delete(socket);
  });
  socket.once('message', (data) => {
    clearTimeout(timer);
    const hello = Hello.safeParse(parseJson(data));
    if (!hello.success || !(guard.isToken(hello.data.token) || guard.takeTicket(hello.data.token))) {
      logger.warn('A page without the right token was refused.');
      socket.close(CLOSE_CODES.wrongToken);
      return;
    }
    known.add(socket);
    tell(socket, { type: 'welcome', token: guard.token });
    socket.on('message', (message) => void answer(socket, message, options));
  });
}

async function answer(socket: WebSocket, data: RawData, { dispatch, logger }: SocketOptions): Promise<void> {
  const asked = Asked.safeParse(parseJson(data));
  if (!asked.success) {
    logger.warn('A page sent what is no request.');
    socket.close(CLOSE_CODES.malformed);
    return;
  }
  const { id, name, input } = asked.data;
  tell(socket, { type: 'answer', id, result: await dispatch({ name, input }) });
}

function tell(socket: WebSocket, message: ToPage): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
}

function parseJson(data: RawData): unknown {
  try {
    // Text arrives as one Buffer unless ws is told otherwise.
    return JSON.parse((data as Buffer).toString('utf8'));
  } catch {
    return undefined;
  }
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
