/** @file The way to main in a browser: one WebSocket, made again when it breaks. */
import { CLOSE_CODES, PATHS } from '#contract/channels.ts';
import { InternalError, StorageError } from '#contract/errors.ts';
import type { InputArguments, RequestName, RequestOutput } from '#contract/index.ts';
import { unwrap, type Result } from '#contract/result.ts';
import type { FromPage, ToPage } from '#contract/wire.ts';
import type { Client, Connection, ConnectionState } from './client.ts';
import { createListeners } from './listeners.ts';
import { sendFile } from './send-file.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 4000;

export interface Page {
  /** `http://127.0.0.1:8123`. */
  readonly origin: string;
  readonly token: string;
  /** Told when the host gives the page another token, to be kept for a reload. */
  readonly keepToken: (token: string) => void;
  readonly connect?: (url: string) => WebSocket;
}

interface Waiting {
  readonly resolve: (result: Result<unknown>) => void;
  readonly reject: (error: Error) => void;
}

export class SocketClient implements Client {
  readonly host = 'browser';
  readonly connection: Connection;
  readonly #page: Page;
  readonly #listeners = createListeners();
  readonly #watchers = new Set<() => void>();
  readonly #waiting = new Map<number, Waiting>();
  /** Asked while there was no connection. */
  readonly #unsent: FromPage[] = [];
  #token: string;
  #state: ConnectionState = 'connecting';
  #socket: WebSocket | null = null;
  #lastId = 0;
  #retryMs = FIRST_RETRY_MS;

  constructor(page: Page) {
    this.#page = page;
    this.#token = page.token;
    this.connection = {
      current: () => this.#state,
      subscribe: (listener) => {
        this.#watchers.add(listener);
        return () => void this.#watchers.delete(listener);
      },
    };
    this.#connect();
  }

  async request<N extends RequestName>(name: N, ...[input]: InputArguments<N>): Promise<RequestOutput<N>> {
    if (this.#state === 'refused') throw staleLink();
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Result<unknown>>();
    this.#waiting.set(id, { resolve, reject });
    const message: FromPage = { type: 'request', id, name, input };
    if (this.#state === 'open') this.#send(message);
    else this.#unsent.push(message);
    return unwrap((await promise) as Result<RequestOutput<N>>);
  }

  on: Client['on'] = (name, listener) => this.#listeners.on(name, listener);

  handOver: Client['handOver'] = async (file, onProgress) => ({
    upload: await sendFile(file, { url: `${this.#page.origin}${PATHS.upload}`, token: this.#token, ...(onProgress ? { onProgress } : {}) }),
  });

  #connect(): void {
    const url = `${this.#page.origin.replace(/^http/, 'ws')}${PATHS.socket}`;
    const socket = (this.#page.connect ?? ((to) => new WebSocket(to)))(url);
    this.#socket = socket;
    socket.addEventListener('open', () => this.#send({ type: 'hello', token: this.#token }));
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data)) as ToPage));
    socket.addEventListener('close', ({ code }) => this.#closed(code));
  }

  #receive(message: ToPage): void {
    switch (message.type) {
      case 'welcome':
        if (message.token !== this.#token) this.#page.keepToken((this.#token = message.token));
        this.#retryMs = FIRST_RETRY_MS;
        for (const unsent of this.#unsent.splice(0)) this.#send(unsent);
        this.#become('open');
        return;
      case 'answer':
        this.#waiting.get(message.id)?.resolve(message.result);
        this.#waiting.delete(message.id);
        return;
      case 'event':
        this.#listeners.tell(message.name, message.payload);
        return;
      default:
        message satisfies never;
    }
  }

  #closed(code: number): void {
    this.#socket = null;
    // What was sent may have been done or not: whoever asked must look. What was not sent yet waits.
    const unsent = new Set(this.#unsent.map((message) => (message.type === 'request' ? message.id : -1)));
    const refused = code === CLOSE_CODES.wrongToken;
    for (const [id, { reject }] of this.#waiting) {
      if (!refused && unsent.has(id)) continue;
      this.#waiting.delete(id);
      reject(refused ? staleLink() : new InternalError('The connection to Prospect broke before it answered. Look whether it was done.'));
    }
    if (refused) this.#unsent.length = 0;
    this.#become(refused ? 'refused' : 'lost');
    if (refused) return;
    setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #send(message: FromPage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #become(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const watcher of this.#watchers) watcher();
  }
}

function staleLink(): StorageError {
  return new StorageError('This link is no longer good, because Prospect was started anew. Open the link that it printed.', {
    file: 'link',
  });
}
