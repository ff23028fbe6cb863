/** @file The HTTP side of the browser host: the window's files, and uploads from a page that has the token. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PATHS, TOKEN_HEADER } from '#contract/channels.ts';
import { AppError, InternalError } from '#contract/errors.ts';
import { fail, succeed, type Result } from '#contract/result.ts';
import { answerWindowRequest, type WindowFiles } from '#host/window-files.ts';
import type { Logger } from '#ipc/services.ts';
import type { Guard } from './guard.ts';
import type { Uploads } from './uploads.ts';

export interface WebServerOptions {
  readonly files: WindowFiles;
  readonly uploads: Uploads;
  readonly logger: Logger;
  /** Known only when the port is. */
  readonly guard: () => Guard;
}

/** Not listening yet. */
export function createWebServer(options: WebServerOptions): Server {
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      options.logger.error('A page could not be answered.', error);
      if (response.headersSent) response.destroy();
      else plain(response, 500, 'Something went wrong inside Prospect.');
    });
  });
  // Uploads of many gigabytes take longer than Node's five minutes; a page that stops sending is seen by limitBytes.
  server.requestTimeout = 0;
  server.headersTimeout = 10_000;
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, options: WebServerOptions): Promise<void> {
  const guard = options.guard();
  if (!guard.hasOwnHost(request)) {
    plain(response, 421, 'This is not the address that Prospect printed.');
    return;
  }
  // As it was sent: neither decoded nor resolved, because it is looked up in a list.
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  if (request.method === 'POST' && path === PATHS.upload) await receive(request, response, { ...options, query, origin: guard });
  else if (request.method === 'GET' || request.method === 'HEAD') await send(response, path, options.files, request);
  else plain(response, 405, 'Only GET.');
}

async function send(
  response: ServerResponse,
  path: string,
  files: WindowFiles,
  { method, headers: { host } }: IncomingMessage,
): Promise<void> {
  const { status, headers, body } = await answerWindowRequest(files, path, [`ws://${host}`]);
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(method === 'HEAD' ? undefined : body);
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  { uploads, query, origin: guard }: WebServerOptions & { readonly query: string; readonly origin: Guard },
): Promise<void> {
  if (!guard.hasOwnOrigin(request) || !guard.isToken(request.headers[TOKEN_HEADER])) {
    plain(response, 403, 'The token is wrong or missing.');
    return;
  }
  const length = Number(request.headers['content-length']);
  const name = new URLSearchParams(query).get('name') ?? '';
  let result: Result<{ readonly upload: string }>;
  try {
    result = succeed({ upload: await uploads.receive({ name, bytes: Number.isFinite(length) ? length : null, content: request }) });
  } catch (error) {
    result = fail(error instanceof AppError ? error : new InternalError('The file could not be taken.', {}, { cause: error }));
  }
  // The rest of a file that was refused is not read: the connection ends with the answer.
  response.writeHead(result.ok ? 200 : 400, { 'content-type': 'application/json', 'cache-control': 'no-store', connection: 'close' });
  response.end(JSON.stringify(result));
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', connection: 'close' });
  response.end(`${text}\n`);
}
