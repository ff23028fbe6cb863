/** @file Compares the data folder with the store: files nobody owns, files that are gone, files that are not what they were. */
import { createHash } from 'node:crypto';
import { createReadStream, promises } from 'node:fs';
import { join } from 'node:path';
import { fromStoredPath, ownedFolders, toStoredPath } from './data-folder.ts';
import { listStoredFiles, type StoredFile } from './stored-files.ts';
import type { Store } from './store.ts';

export interface Orphans {
  /** Of no row, nor in a folder of one. */
  readonly filesWithoutRow: readonly { readonly path: string; readonly bytes: number }[];
  readonly rowsWithoutFile: readonly StoredFile[];
  /** Of another size, or (if asked for) with another content. */
  readonly changed: readonly { readonly file: StoredFile; readonly found: string }[];
}

export interface OrphanOptions {
  /** Reads every file that has a hash: as slow as the disk. */
  readonly checkHashes?: boolean;
  readonly signal?: AbortSignal;
}

export async function findOrphans(store: Store, { checkHashes = false, signal }: OrphanOptions = {}): Promise<Orphans> {
  const known = listStoredFiles(store);
  const paths = new Set(known.map(({ path }) => path));
  const claimed = claimedFolders(store);
  const filesWithoutRow: { path: string; bytes: number }[] = [];
  for (const folder of ownedFolders(store.folder)) {
    for await (const file of walk(folder)) {
      signal?.throwIfAborted();
      const path = toStoredPath(store.folder, file);
      if (paths.has(path) || isClaimed(path, claimed)) continue;
      filesWithoutRow.push({ path, bytes: (await sizeOf(file)) ?? 0 });
    }
  }
  const rowsWithoutFile: StoredFile[] = [];
  const changed: { file: StoredFile; found: string }[] = [];
  for (const file of known) {
    signal?.throwIfAborted();
    const path = fromStoredPath(store.folder, file.path);
    const bytes = await sizeOf(path);
    if (bytes === null) rowsWithoutFile.push(file);
    else if (bytes !== file.bytes) changed.push({ file, found: `${bytes} bytes instead of ${file.bytes}` });
    else if (checkHashes && file.sha256 !== null && (await hashOf(path, signal)) !== file.sha256)
      changed.push({ file, found: 'another content' });
  }
  return { filesWithoutRow, rowsWithoutFile, changed };
}

/** A run's folder holds more than the store lists (its log, its metrics), and so does a model's. */
function claimedFolders(store: Store): ReadonlySet<string> {
  const rows = store.all(`
    SELECT folder AS path FROM runs UNION SELECT folder FROM checkpoints UNION SELECT path FROM adapters
    UNION SELECT path FROM models UNION SELECT path FROM reference_caches`) as readonly { readonly path: string }[];
  return new Set(rows.map(({ path }) => path));
}

function isClaimed(path: string, claimed: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) if (claimed.has(path.slice(0, end))) return true;
  return false;
}

/** Files and links below `folder`, which need not exist. Links are not followed. */
async function* walk(folder: string): AsyncGenerator<string, void, undefined> {
  const entries = await promises.readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await promises.lstat(path).catch(() => null);
  return found && !found.isDirectory() ? found.size : null;
}

async function hashOf(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, signal ? { signal } : {})) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
