/** @file The two ways to main: Electron's channel, and a WebSocket that may break. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CLOSE_CODES } from '#contract/channels.ts';
import type { EventName } from '#contract/index.ts';
import { electronClient } from '#renderer/api/electron-client.ts';
import { openClient } from '#renderer/api/open-client.ts';
import { SocketClient } from '#renderer/api/socket-client.ts';

class FakeSocket extends EventTarget {
  readonly url: string;
  readonly sent: unknown[] = [];

  constructor(url: string) {
    super();
    this.url = url;
  }

  send = (text: string): void => void this.sent.push(JSON.parse(text));
  hear = (message: unknown): boolean => this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  open = (): boolean => this.dispatchEvent(new Event('open'));
  close = (code: number): boolean => this.dispatchEvent(Object.assign(new Event('close'), { code }));
}

const sockets: FakeSocket[] = [];
const kept: string[] = [];
const lastSocket = (): FakeSocket => {
  const socket = sockets.at(-1);
  if (!socket) throw new Error('Nothing was connected.');
  return socket;
};

function connect(): SocketClient {
  return new SocketClient({
    origin: 'http://127.0.0.1:8123',
    token: 'ticket',
    keepToken: (token) => kept.push(token),
    connect(url) {
      sockets.push(new FakeSocket(url));
      return lastSocket() as unknown as WebSocket;
    },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  sockets.length = 0;
  kept.length = 0;
});

function welcome(): void {
  lastSocket().open();
  lastSocket().hear({ type: 'welcome', token: 'token' });
}

test('the token is said first, and kept if it is another', () => {
  const client = connect();
  expect(lastSocket().url).toBe('ws://127.0.0.1:8123/socket');
  expect(client.connection.current()).toBe('connecting');
  welcome();
  expect(lastSocket().sent).toEqual([{ type: 'hello', token: 'ticket' }]);
  expect(client.connection.current()).toBe('open');
  expect(kept).toEqual(['token']);
});

test('what is asked before there is a connection waits for it, and answers find who asked', async () => {
  const client = connect();
  const [list, info] = [client.request('projects.list'), client.request('projects.describeContents', { id: 3 })];
  welcome();
  expect(lastSocket().sent.slice(1)).toEqual([
    { type: 'request', id: 1, name: 'projects.list' },
    { type: 'request', id: 2, name: 'projects.describeContents', input: { id: 3 } },
  ]);
  lastSocket().hear({ type: 'answer', id: 2, result: { ok: false, error: { code: 'store', message: 'Gone.', details: {} } } });
  lastSocket().hear({ type: 'answer', id: 1, result: { ok: true, value: [] } });
  await expect(info).rejects.toMatchObject({ code: 'store', message: 'Gone.' });
  expect(await list).toEqual([]);
});

test('a connection that breaks is made again, and only what was under way fails', async () => {
  const client = connect();
  welcome();
  const underWay = client.request('projects.list');
  lastSocket().close(1006);
  await expect(underWay).rejects.toThrow(/broke before it answered/);
  expect(client.connection.current()).toBe('lost');
  const later = client.request('projects.list');
  for (const waitMs of [250, 500, 1000, 2000, 4000, 4000]) {
    const before = sockets.length;
    await vi.advanceTimersByTimeAsync(waitMs - 1);
    expect(sockets).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(sockets).toHaveLength(before + 1);
    lastSocket().close(1006);
  }
  await vi.advanceTimersByTimeAsync(4000);
  welcome();
  expect(lastSocket().sent).toEqual([
    { type: 'hello', token: 'token' },
    { type: 'request', id: 2, name: 'projects.list' },
  ]);
  lastSocket().hear({ type: 'answer', id: 2, result: { ok: true, value: [] } });
  expect(await later).toEqual([]);
});

test('a refused token is the end, for what waits, too', async () => {
  const client = connect();
  const waiting = client.request('projects.list');
  lastSocket().close(CLOSE_CODES.wrongToken);
  await expect(waiting).rejects.toThrow(/no longer good/);
  await expect(client.request('projects.list')).rejects.toThrow(/no longer good/);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets).toHaveLength(1);
  expect(client.connection.current()).toBe('refused');
});

test('events reach those who listen, until they do no longer', () => {
  const client = connect();
  welcome();
  const told: unknown[] = [];
  const end = client.on('app.menuChosen', ({ command }) => told.push(command));
  lastSocket().hear({ type: 'event', name: 'app.menuChosen', payload: { command: 'about' } });
  end();
  lastSocket().hear({ type: 'event', name: 'app.menuChosen', payload: { command: 'import' } });
  expect(told).toEqual(['about']);
});

test("Electron's channel unwraps results, hands on events, and knows the paths of dropped files", async () => {
  let tell: (name: EventName, payload: unknown) => void = () => undefined;
  const client = electronClient({
    host: 'electron',
    request: (name) =>
      Promise.resolve(
        name === 'projects.list' ? { ok: true, value: [] } : { ok: false, error: { code: 'store', message: 'Gone.', details: {} } },
      ),
    on(listener) {
      tell = listener;
      return () => undefined;
    },
    pathsOfDroppedFiles: (files) => files.map((file) => ((file as File).name === 'a.csv' ? '/data/a.csv' : '')),
  });
  const told: string[] = [];
  client.on('projects.changed', () => told.push('changed'));
  tell('projects.changed', undefined);
  expect(told).toEqual(['changed']);
  expect(await client.request('projects.list')).toEqual([]);
  await expect(client.request('projects.reveal', { id: 1 })).rejects.toMatchObject({ code: 'store' });
  expect(await client.handOver(new File([], 'a.csv'))).toEqual({ path: '/data/a.csv' });
  await expect(client.handOver(new File([], 'b.csv'))).rejects.toThrow(/b\.csv is not a file on this disk/);
  expect(client.connection.current()).toBe('open');
});

test('a window takes the way it has', () => {
  const location = { origin: 'http://127.0.0.1:8123', hash: '#token=abc' };
  vi.stubGlobal('WebSocket', FakeSocket);
  expect(openClient({ location } as unknown as Window).host).toBe('browser');
  const api = { host: 'electron', on: () => () => undefined };
  expect(openClient({ location, api } as unknown as Window).host).toBe('electron');
});

class FakeUpload extends EventTarget {
  static answer = '';
  readonly upload = new EventTarget();
  readonly headers: Record<string, string> = {};
  readonly responseText = FakeUpload.answer;
  url = '';

  open = (method: string, url: string): void => void (this.url = `${method} ${url}`);
  setRequestHeader = (name: string, value: string): void => void (this.headers[name] = value);
  send(): void {
    uploads.push(this);
    this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded: 1, total: 4 }));
    this.dispatchEvent(new Event(FakeUpload.answer === '' ? 'error' : 'load'));
  }
}
const uploads: FakeUpload[] = [];

test('a dropped file is sent with the token, with its progress', async () => {
  vi.stubGlobal('XMLHttpRequest', FakeUpload);
  const client = connect();
  welcome();
  const parts: number[] = [];
  FakeUpload.answer = JSON.stringify({ ok: true, value: { upload: 'id' } });
  expect(await client.handOver(new File(['x'], 'my prefs.csv'), (part) => parts.push(part))).toEqual({ upload: 'id' });
  expect(uploads.at(-1)).toMatchObject({
    url: 'POST http://127.0.0.1:8123/upload?name=my%20prefs.csv',
    headers: { 'x-prospect-token': 'token' },
  });
  expect(parts).toEqual([0.25]);
});

test('a file that can not be sent is an error that says so', async () => {
  vi.stubGlobal('XMLHttpRequest', FakeUpload);
  const client = connect();
  FakeUpload.answer = JSON.stringify({ ok: false, error: { code: 'storage', message: 'a.csv is too large.', details: {} } });
  await expect(client.handOver(new File([], 'a.csv'))).rejects.toThrow(/too large/);
  FakeUpload.answer = 'The token is wrong or missing.';
  await expect(client.handOver(new File([], 'a.csv'))).rejects.toThrow(/was refused \(The token is wrong or missing\.\)/);
  FakeUpload.answer = '';
  await expect(client.handOver(new File([], 'a.csv'))).rejects.toThrow(/could not be sent/);
});
