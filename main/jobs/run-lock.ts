/** @file One run per output folder: a lock file that names its owner and is taken over when the owner is gone. */
import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { OutputBusyError } from '#contract/errors.ts';
import { asStorageError, systemErrorCode } from '#io/as-storage-error.ts';

const LOCK = '.prospect-lock';

const Owner = z.object({ pid: z.number().int().positive(), host: z.string() });

/**
 * @returns how to give the folder back
 * @throws {OutputBusyError} while another run owns the folder
 * @throws {StorageError} if the lock can't be written
 */
export async function lockRunFolder(dir: string): Promise<() => Promise<void>> {
  const file = join(dir, LOCK);
  if (!(await tryCreate(file))) {
    const owner = await readOwner(file);
    if (owner && isAlive(owner)) {
      const who = owner.host === hostname() ? `process ${owner.pid}` : `process ${owner.pid} on ${owner.host}`;
      throw new OutputBusyError(`Another run (${who}) is writing to ${dir}. Wait for it, or choose another output folder.`, {
        folder: dir,
      });
    }
    await rm(file, { force: true }); // its process was killed
    if (!(await tryCreate(file)))
      throw new OutputBusyError(`Another run has just started in ${dir}. Choose another output folder.`, { folder: dir });
  }
  return () => rm(file, { force: true });
}

async function tryCreate(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
    await handle.close();
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw asStorageError(error, 'write', file);
  }
}

/** Null for a lock that is unreadable, half-written or gone: nobody holds it. */
async function readOwner(file: string): Promise<z.infer<typeof Owner> | null> {
  try {
    return Owner.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/** A process of another machine (a shared folder) can't be asked, so it counts as alive. */
function isAlive({ pid, host }: z.infer<typeof Owner>): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}
