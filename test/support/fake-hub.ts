/** @file A Hub on this machine: the parts of its interface that a download uses, and everything that can go wrong with it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

export interface FakeHubOptions {
  /** Files by path. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  readonly licence?: string;
  /** Answers every request about the model with this status. */
  readonly status?: number;
  /** Large enough for git to keep it by reference, so that its sha256 is known. */
  readonly lfs?: (path: string) => boolean;
  /** What is served instead, where it differs from what is listed. */
  readonly served?: Readonly<Record<string, Uint8Array>>;
  /** Called for each request of a file; answers it itself if it returns true. */
  readonly onFile?: (path: string, response: ServerResponse, request: IncomingMessage) => boolean;
}

export interface FakeHub {
  readonly url: string;
  /** Every request: method, path and range. */
  readonly asked: string[];
}

/** The files of a folder. */
export function filesOf(folder: string): Record<string, Uint8Array> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

export async function fakeHub(options: FakeHubOptions): Promise<FakeHub> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.range ?? ''}`.trim());
    answer(request, response, options);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function answer(request: IncomingMessage, response: ServerResponse, options: FakeHubOptions): void {
  const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
  if (options.status !== undefined) {
    response.writeHead(options.status).end('{}');
    return;
  }
  const json = (value: unknown): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  const [, file] = /\/resolve\/[^/]+\/(.+)$/.exec(path) ?? [];
  if (file !== undefined) return sendFile(file, request, response, options);
  if (path.includes('/revision/')) {
    const tags = options.licence === undefined ? [] : [`license:${options.licence}`];
    return json({ _id: '1', id: 'me/model', sha: COMMIT, private: false, gated: false, downloads: 0, likes: 0, lastModified: 0, tags });
  }
  if (path.includes('/tree/')) return json(Object.entries(options.files).map((entry) => listed(entry, options)));
  response.writeHead(404).end();
}

function listed([path, content]: [string, Uint8Array | string], { lfs = (name) => name.endsWith('.safetensors') }: FakeHubOptions): object {
  const bytes = Buffer.from(content);
  const blob = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const large = { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, pointerSize: 130 };
  return { type: 'file', path, size: bytes.length, oid: blob, ...(lfs(path) ? { lfs: large } : {}) };
}

function sendFile(path: string, request: IncomingMessage, response: ServerResponse, { files, served, onFile }: FakeHubOptions): void {
  if (onFile?.(path, response, request)) return;
  const content = served?.[path] ?? files[path];
  if (content === undefined) {
    response.writeHead(404).end();
    return;
  }
  const bytes = Buffer.from(content);
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  if (from === undefined) response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  else response.writeHead(206, { 'content-length': bytes.length - Number(from) }).end(bytes.subarray(Number(from)));
}
