/** @file The browser host as an attacker and as a person's browser meet it: over real sockets. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE_CODES, PATHS, TOKEN_HEADER } from '#contract/channels.ts';
import { serveBrowser, type BrowserHost } from '#browser/serve-browser.ts';
import { Uploads } from '#browser/uploads.ts';
import { listWindowFiles } from '#host/window-files.ts';
import { createDispatch } from '#ipc/dispatch.ts';
import { handlers } from '#ipc/handlers.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

let host: BrowserHost;
let services: FakeServices;
let uploadFolder = '';
let origin = '';
let address = '';
let token = '';
const opened: WebSocket[] = [];

beforeEach(async () => {
  services = await fakeServices();
  const files = await temporaryFolder();
  await mkdir(join(files, 'assets'));
  await writeFile(join(files, 'index.html'), '<!doctype html><meta property="csp-nonce" nonce="PROSPECT-NONCE"><title>Prospect</title>');
  await writeFile(join(files, 'assets', 'index-abcd1234.js'), 'export {};');
  await writeFile(join(files, 'notes.secret'), 'not of a kind that is served');
  uploadFolder = join(services.dataDir, 'uploads');
  const uploads = new Uploads({ folder: uploadFolder, maxBytes: 1000, idleTimeoutMs: 200, freeBytes: () => 2 ** 40 });
  host = await serveBrowser({
    port: 0,
    files: listWindowFiles(files),
    uploads,
    hub: services.hub,
    logger: services.logger,
    dispatch: createDispatch(handlers, services),
  });
  ({ origin, host: address } = new URL(host.url));
  token = new URLSearchParams(new URL(host.url).hash.slice(1)).get('token') ?? '';
});

afterEach(async () => {
  for (const socket of opened.splice(0)) socket.terminate();
  await host.close();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends the path as it is, which fetch would not. */
function send(
  path: string,
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  return new Promise<Answer>((resolve, reject) => {
    const { port } = new URL(origin);
    const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function socketTo(headers: Record<string, string> = { origin }): WebSocket {
  const socket = new WebSocket(`ws://${address}${PATHS.socket}`, { headers });
  opened.push(socket);
  return socket;
}

const closeCode = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));
const openOf = (socket: WebSocket) => new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
const next = (socket: WebSocket) =>
  new Promise<Record<string, unknown>>((resolve) =>
    socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString()) as Record<string, unknown>)),
  );

/** Everything it is told from now on. */
function listen(socket: WebSocket): unknown[] {
  const received: unknown[] = [];
  socket.on('message', (data: Buffer) => received.push(JSON.parse(data.toString())));
  return received;
}

async function welcomed(said = token): Promise<WebSocket> {
  const socket = socketTo();
  await openOf(socket);
  socket.send(JSON.stringify({ type: 'hello', token: said }));
  expect(await next(socket)).toEqual({ type: 'welcome', token });
  return socket;
}

test('the link has 256 random bits after the #, which are never sent', () => {
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(new URL(host.url).hostname).toBe('127.0.0.1');
});

test('the page is served with a policy that allows its own scripts only and a nonce of its own', async () => {
  const [first, second] = [await send('/'), await send('/')];
  expect(first.status).toBe(200);
  expect(first.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(first.headers['referrer-policy']).toBe('no-referrer');
  const policy = String(first.headers['content-security-policy']);
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/unsafe|\*/);
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  expect(first.text).toContain(`nonce="${nonce}"`);
  expect(second.text).not.toBe(first.text);
});

test('scripts have their type and may be kept, since their names change with them', async () => {
  const { headers } = await send('/assets/index-abcd1234.js');
  expect(headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': expect.stringContaining('immutable') as string,
  });
});

test.each([
  '/../prospect.sqlite',
  '/..%2fprospect.sqlite',
  '/assets/../../prospect.sqlite',
  '/%2e%2e/%2e%2e/etc/passwd',
  '//etc/passwd',
  '/assets',
  '/assets/',
  '/notes.secret',
  '/socket',
  '/constructor',
  'http://example.com/',
])('%s is not there', async (path) => {
  expect((await send(path)).status).toBe(404);
});

test('a name that leads to this machine by a trick of the DNS is refused', async () => {
  const { port } = new URL(origin);
  for (const name of [`evil.example:${port}`, `localhost:${port}`, '127.0.0.1', `127.0.0.1:${port}.evil.example`]) {
    expect((await send('/', { headers: { host: name } })).status).toBe(421);
  }
});

test('other methods are refused', async () => {
  expect((await send('/', { method: 'PUT' })).status).toBe(405);
  expect((await send('/', { method: 'OPTIONS' })).status).toBe(405);
});

test('a page with the token asks, is answered, and is told events, like every other page', async () => {
  const [first, second] = [await welcomed(), await welcomed()];
  const received = [listen(first), listen(second)];
  first.send(JSON.stringify({ type: 'request', id: 7, name: 'app.setPreferences', input: { theme: 'dark' } }));
  const told = { type: 'event', name: 'app.preferencesChanged', payload: { theme: 'dark', showAdvancedSettings: false, offline: false } };
  await expect.poll(() => received).toEqual([[told, { type: 'answer', id: 7, result: { ok: true, value: told.payload } }], [told]]);
});

test.each([
  ['another site', () => ({ origin: 'https://evil.example' })],
  ['another port of this machine', () => ({ origin: 'http://127.0.0.1:1' })],
  ['a file', () => ({ origin: 'null' })],
  ['no page', () => ({})],
  ['another name of this machine', () => ({ origin, host: 'localhost' })],
])('a connection from %s is refused before it is one', async (_what, headers) => {
  await expect(openOf(socketTo(headers() as Record<string, string>))).rejects.toThrow(/403/);
});

test.each([
  ['a wrong token', () => ({ type: 'hello', token: 'A'.repeat(43) })],
  ['a shorter token', () => ({ type: 'hello', token: token.slice(0, -1) })],
  ['no token', () => ({ type: 'hello' })],
  ['a request first', () => ({ type: 'request', id: 1, name: 'projects.list' })],
])('%s ends the connection and is answered nothing', async (_what, message) => {
  const socket = socketTo();
  const received = listen(socket);
  await openOf(socket);
  socket.send(JSON.stringify(message()));
  expect(await closeCode(socket)).toBe(CLOSE_CODES.wrongToken);
  expect(received).toEqual([]);
});

test('a page that has not said the token is told no event', async () => {
  const socket = socketTo();
  const received = listen(socket);
  await openOf(socket);
  const other = await welcomed();
  services.emit('projects.changed');
  await next(other);
  expect(received).toEqual([]);
});

test('a ticket opens one page, which is then told the token', async () => {
  const ticket = new URL(host.urlForOnce()).hash.replace('#token=', '');
  expect(ticket).not.toBe(token);
  await welcomed(ticket);
  const socket = socketTo();
  await openOf(socket);
  socket.send(JSON.stringify({ type: 'hello', token: ticket }));
  expect(await closeCode(socket)).toBe(CLOSE_CODES.wrongToken);
});

test.each([['no JSON'], ['{"type":"request"}'], ['[]'], ['{"type":"request","id":-1,"name":"projects.list"}']])(
  'after the token, %s ends the connection',
  async (text) => {
    const socket = await welcomed();
    socket.send(text);
    expect(await closeCode(socket)).toBe(CLOSE_CODES.malformed);
  },
);

test('a message of more than 4 MiB ends the connection', async () => {
  const socket = await welcomed();
  socket.send('x'.repeat(5 * 2 ** 20));
  expect(await closeCode(socket)).toBe(1009);
});

const upload = (name: string, body: string, headers: Record<string, string> = {}) =>
  send(`${PATHS.upload}?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    body,
    headers: { origin, [TOKEN_HEADER]: token, ...headers },
  });

test('a file that a page sends is kept under its own name', async () => {
  const { status, text } = await upload('my prefs.csv', 'a,b\n');
  expect(status).toBe(200);
  const { value } = JSON.parse(text) as { value: { upload: string } };
  expect(await readdir(join(uploadFolder, value.upload))).toEqual(['my prefs.csv']);
});

test('a file without the token, or from another site, is not taken', async () => {
  expect((await upload('a.csv', 'x', { [TOKEN_HEADER]: 'wrong' })).status).toBe(403);
  expect((await upload('a.csv', 'x', { origin: 'https://evil.example' })).status).toBe(403);
  expect((await send(`${PATHS.upload}?name=a.csv`, { method: 'POST', body: 'x', headers: { origin } })).status).toBe(403);
  await expect(readdir(uploadFolder)).rejects.toThrow(/ENOENT/);
});

test('a file that is too large is refused, said or unsaid, and nothing of it is left', async () => {
  expect((await upload('a.csv', 'x'.repeat(1001))).text).toMatch(/a\.csv is larger/);
  const chunked = await upload('a.csv', 'x'.repeat(1001), { 'transfer-encoding': 'chunked' }).catch((error: Error) => ({
    text: error.message,
  }));
  expect(chunked.text).toMatch(/a\.csv is larger|ECONNRESET|EPIPE/);
  expect(await readdir(uploadFolder)).toEqual([]);
});

async function startSending(): Promise<ReturnType<typeof connect>> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    `POST ${PATHS.upload}?name=a.csv HTTP/1.1\r\nHost: ${address}\r\nOrigin: ${origin}\r\n${TOKEN_HEADER}: ${token}\r\nContent-Length: 100\r\n\r\nhalf`,
  );
  await expect.poll(() => readdir(uploadFolder).catch(() => [])).toHaveLength(1);
  return socket;
}

test('a file that stops arriving is given up and removed', async () => {
  const socket = await startSending();
  const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
  expect(answer).toMatch(/stopped arriving/);
  expect(await readdir(uploadFolder)).toEqual([]);
});

test('a file whose page goes away is removed', async () => {
  const socket = await startSending();
  socket.destroy();
  await expect.poll(() => readdir(uploadFolder)).toEqual([]);
});

test('ending tells every page, removes what was sent, and frees the port', async () => {
  const socket = await welcomed();
  await upload('a.csv', 'x');
  const code = closeCode(socket);
  await host.close();
  expect(await code).toBe(CLOSE_CODES.goingAway);
  await expect(readdir(uploadFolder)).rejects.toThrow(/ENOENT/);
  await expect(send('/')).rejects.toThrow(/ECONNREFUSED/);
  host = { ...host, close: () => Promise.resolve() };
});
