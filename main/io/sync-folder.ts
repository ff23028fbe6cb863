/** @file Makes what was created or renamed in a folder survive a power cut. */
import { open } from 'node:fs/promises';

/** Windows and some network disks can't do it; that is no error, because the files are whole all the same. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The files are in place; failing here would claim that they are not.
  }
}
