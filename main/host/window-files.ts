/** @file The files of the window as the build left them, listed once at the start: nothing else is ever served, whatever a request says. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { StorageError } from '#contract/errors.ts';
import { windowHeaders } from './window-headers.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
/** The build writes it where a nonce belongs (electron.vite.config.ts, `cspNonce`). */
const NONCE_PLACEHOLDER = 'PROSPECT-NONCE';
/** 128 bits, as the standard of content security policies asks. */
const NONCE_BYTES = 16;
/** The build puts a hash of the content into these names, so they never change. */
const HASHED_NAME = /-[\w-]{8}\.\w+$/;

interface WindowFile {
  readonly file: string;
  readonly contentType: string;
}

/** From a URL's path (`/assets/index-abc.js`) to a file. */
export type WindowFiles = ReadonlyMap<string, WindowFile>;

export interface WindowAnswer {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * @param folder - the renderer's build
 * @throws {StorageError} if it was not built
 */
export function listWindowFiles(folder: string): WindowFiles {
  const files = new Map<string, WindowFile>();
  for (const entry of entriesOf(folder)) {
    const contentType = CONTENT_TYPES[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, file).split(sep).join('/')}`, { file, contentType });
  }
  const page = files.get('/index.html');
  if (!page) throw notBuilt(folder);
  return files.set('/', page);
}

/** @param path - a URL's path, as it was sent: it is looked up, never resolved @param connect - where the page may connect to beside its own origin */
export async function answerWindowRequest(files: WindowFiles, path: string, connect: readonly string[]): Promise<WindowAnswer> {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const headers = windowHeaders({ nonce, connect });
  const found = files.get(path);
  if (!found) return { status: 404, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' }, body: encode('Not found.\n') };
  const isPage = found.contentType.startsWith('text/html');
  const content = await readFile(found.file);
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': found.contentType,
      'cache-control': isPage || !HASHED_NAME.test(found.file) ? 'no-store' : 'private, max-age=31536000, immutable',
    },
    body: isPage ? encode(content.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce)) : content,
  };
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw notBuilt(folder, error);
  }
}

function notBuilt(folder: string, cause?: unknown): StorageError {
  return new StorageError(`The window's files are not in ${folder}. Build them with: npm run build`, { file: folder }, { cause });
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
