/** @file Chooses the way to main that this window has. */
import type { WindowApi } from '#contract/window-api.ts';
import type { Client } from './client.ts';
import { electronClient } from './electron-client.ts';
import { SocketClient } from './socket-client.ts';

declare global {
  interface Window {
    /** Of the preload file; missing in a browser. */
    readonly api?: WindowApi;
  }
}

export function openClient(window: Window): Client {
  if (window.api) return electronClient(window.api);
  const { origin, hash } = window.location;
  return new SocketClient({
    origin,
    token: new URLSearchParams(hash.slice(1)).get('token') ?? '',
    keepToken: (token) => window.history.replaceState(null, '', `#token=${token}`),
  });
}
