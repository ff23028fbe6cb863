/** @file One run per output folder: a lock file that names its owner and is taken over when the owner is gone. */
import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { OutputBusyError } from '#contract/errors.ts';
import { asStorageError, systemErrorCode } from '#io/as-storage-error.ts';

const LOCK = '.prospect-lock';
/** A lock without an owner in it is being written, or its writer was killed at that very moment. */
const WRITTEN_WITHIN_MS = 5000;

const Owner = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** When that process began, as `startOf` tells it: process numbers are used again. */
  started: z.string().nullable(),
  /** Tells the runs of one process apart. */
  id: z.string(),
});
type Owner = Readonly<z.infer<typeof Owner>>;

/** Locks of this process. A lock with its number that is not among them was left by an earlier process (in a container all have the same). */
const held = new Set<string>();

/**
 * @returns how to give the folder back
 * @throws {OutputBusyError} while another run owns the folder
 * @throws {StorageError} if the lock can't be written
 */
export async function lockRunFolder(dir: string): Promise<() => Promise<void>> {
  const file = join(dir, LOCK);
  const owner: Owner = { pid: process.pid, host: hostname(), started: await startOf(process.pid), id: randomUUID() };
  held.add(owner.id);
  try {
    if (!(await tryCreate(file, owner))) {
      await refuseIfLocked(dir);
      if (!(await takeOver(file, dir, owner))) throw justStarted(dir);
    }
  } catch (error) {
    held.delete(owner.id);
    throw error;
  }
  return async () => {
    held.delete(owner.id);
    await rm(file, { force: true });
  };
}

/** @throws {OutputBusyError} while a run owns the folder, which need not exist */
export async function refuseIfLocked(dir: string): Promise<void> {
  const file = join(dir, LOCK);
  const error = await whoHolds(file, dir);
  if (error) throw error;
}

async function tryCreate(file: string, owner: Owner): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(JSON.stringify(owner));
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw asStorageError(error, 'write', file);
  }
}

/**
 * Replaces a stale lock. Several runs may find the same one, so this is done by one at a time, which looks again: a run that came too late
 * must not remove the fresh lock of another.
 * @returns whether the lock is ours
 */
async function takeOver(file: string, dir: string, owner: Owner): Promise<boolean> {
  const guard = `${file}.takeover`;
  if (!(await tryCreate(guard, owner))) {
    if (!(await wasJustWritten(guard))) await rm(guard, { force: true }); // its writer was killed: the next try will do
    return false;
  }
  try {
    await refuseIfLocked(dir);
    await rm(file, { force: true });
    return await tryCreate(file, owner);
  } finally {
    await rm(guard, { force: true });
  }
}

/** Null if nobody does: the lock is not there, or whoever wrote it is gone. */
async function whoHolds(file: string, dir: string): Promise<OutputBusyError | null> {
  const owner = await readOwner(file);
  if (owner === 'none') return null;
  if (owner === 'unreadable') return (await wasJustWritten(file)) ? justStarted(dir) : null;
  if (!(await isAlive(owner))) return null;
  const who = owner.host === hostname() ? `process ${owner.pid}` : `process ${owner.pid} on ${owner.host}`;
  return new OutputBusyError(
    `Another run (${who}) is writing to ${dir}. Wait for it, or choose another output folder. If it ended long ago, delete ${join(dir, LOCK)}.`,
    { folder: dir },
  );
}

async function readOwner(file: string): Promise<Owner | 'none' | 'unreadable'> {
  try {
    return Owner.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '') ? 'none' : 'unreadable';
  }
}

async function wasJustWritten(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => null);
  return info !== null && Math.abs(Date.now() - info.mtimeMs) < WRITTEN_WITHIN_MS;
}

/** A process of another machine (a shared folder) can't be asked, so it counts as alive. */
async function isAlive({ pid, host, started, id }: Owner): Promise<boolean> {
  if (host !== hostname()) return true;
  if (pid === process.pid) return held.has(id);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemErrorCode(error) !== 'EPERM') return false;
  }
  return started === null || started === (await startOf(pid));
}

/** In the kernel's own terms; null where the system does not say (it does on Linux). */
async function startOf(pid: number): Promise<string | null> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field is the program's name in brackets, which may hold anything; `starttime` is the 20th after it.
  return status?.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function justStarted(dir: string): OutputBusyError {
  return new OutputBusyError(`Another run has just started in ${dir}. Choose another output folder, or try again in a few seconds.`, {
    folder: dir,
  });
}
