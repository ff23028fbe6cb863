/** @file Who may speak to the browser host: the page it served itself, to a person who has the link with the token. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** 256 bits: nobody guesses it, however many tries a minute. */
const TOKEN_BYTES = 32;

export interface Guard {
  /** Goes into the link, after the #, which browsers never send. */
  readonly token: string;
  /** A name that leads to this machine by a trick of the DNS is not its address. */
  hasOwnHost(request: IncomingMessage): boolean;
  /** Pages of other sites send their own origin. */
  hasOwnOrigin(request: IncomingMessage): boolean;
  /** Takes as long for a wrong token as for the right one. */
  isToken(candidate: unknown): boolean;
  /**
   * A token that is good for one connection, for links that others on this machine can see, such as the arguments of the browser's process.
   */
  issueTicket(): string;
  /** Whether it is one; it is none from then on. */
  takeTicket(candidate: string): boolean;
}

/** @param host - address and port as a browser shows them: `127.0.0.1:8123` */
export function createGuard(host: string, token = newToken()): Guard {
  const expected = digest(token);
  // By digest: looking one up tells nothing about another.
  const tickets = new Set<string>();
  return {
    token,
    hasOwnHost: ({ headers }) => headers.host === host,
    hasOwnOrigin: ({ headers }) => headers.origin === `http://${host}`,
    isToken: (candidate) => typeof candidate === 'string' && timingSafeEqual(digest(candidate), expected),
    issueTicket() {
      const ticket = newToken();
      tickets.add(digest(ticket).toString('hex'));
      return ticket;
    },
    takeTicket: (candidate) => tickets.delete(digest(candidate).toString('hex')),
  };
}

function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Of one length for all, as a comparison in constant time needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
