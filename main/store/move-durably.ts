/** @file Gives a finished file its name so that a power cut leaves the old file or the new one, never half of either. */
import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/** @param from - a finished file in the folder of `to`, which is replaced */
export function moveDurably(from: string, to: string): void {
  sync(from, 'r+');
  renameSync(from, to);
  try {
    sync(dirname(to), 'r');
  } catch {
    // Windows and some network disks can't sync a folder; the file is whole all the same.
  }
}

function sync(path: string, flags: 'r' | 'r+'): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
