/** @file The names by which the two sides find each other; apart from wire.ts, so that the preload file needs no zod. */

/** Electron's channels. */
export const CHANNELS = { request: 'prospect:request', event: 'prospect:event' } as const;

/** The browser host's addresses. */
export const PATHS = { socket: '/socket', upload: '/upload' } as const;

/** Says the token with an upload; a header of our own, which pages of other sites may not send. */
export const TOKEN_HEADER = 'x-prospect-token';

/** Why the browser host ended a connection, as WebSocket codes of our own. */
export const CLOSE_CODES = {
  /** Prospect was started anew, so there is another link. */
  wrongToken: 4401,
  /** What was sent is not of the protocol. */
  malformed: 4400,
  /** The host ends. */
  goingAway: 1001,
} as const;
