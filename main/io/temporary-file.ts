/**
 * @file Names of files that are still being written, and the removal of those whose writer died.
 *
 * The name tells which process on which machine writes the file, so that a leftover of a crash can be told from the work
 * of another Prospect that is running now (on a shared folder, even on another machine).
 */
import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

const PATTERN = /^\.prospect-(?<host>[A-Za-z0-9_]+)-(?<pid>\d+)-[0-9a-f]{16}\.tmp$/;
/** A writer on another machine can't be asked whether it lives; one that wrote nothing for a day does not. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** A fresh name in the folder of `path`, so that the finished file can be renamed to `path`. */
export function temporaryPathFor(path: string): string {
  return join(dirname(path), `.prospect-${hostLabel()}-${process.pid}-${randomBytes(8).toString('hex')}.tmp`);
}

/**
 * Removes the temporary files in `folder` whose writer is gone; other files are not touched, nor is a missing folder an
 * error. A file that can't be removed is left for the next time.
 * @returns the names removed
 */
export async function removeStaleTemporaryFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const removed: string[] = [];
  for (const name of names) {
    const match = PATTERN.exec(name);
    if (match === null) continue;
    const file = join(folder, name);
    const dead = match.groups?.['host'] === hostLabel() && !isAlive(Number(match.groups['pid']));
    if (!dead && !(await isAbandoned(file))) continue;
    await rm(file, { force: true, recursive: true }).then(
      () => removed.push(name),
      () => undefined,
    );
  }
  return removed;
}

function hostLabel(): string {
  return (
    hostname()
      .replaceAll(/[^A-Za-z0-9]/g, '_')
      .slice(0, 60) || 'host'
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => null);
  return info !== null && Date.now() - info.mtimeMs > ABANDONED_AFTER_MS;
}
