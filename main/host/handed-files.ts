/** @file Turns what a window names (a path, or the id of an upload) into a file to read. */
import { isAbsolute } from 'node:path';
import { StorageError } from '#contract/errors.ts';
import type { HandedFiles } from '#ipc/services.ts';
import type { OpenedFiles } from './opened-files.ts';

/** Files that a browser sent. */
export interface UploadedFiles {
  /** Undefined if there is no such upload (any more). */
  pathOf(upload: string): string | undefined;
  remove(upload: string): Promise<void>;
}

/** @param uploads - null where windows don't send files */
export function createHandedFiles({
  uploads,
  opened,
}: {
  readonly uploads: UploadedFiles | null;
  readonly opened: OpenedFiles;
}): HandedFiles {
  return {
    pathOf(reference) {
      if ('upload' in reference) {
        const path = uploads?.pathOf(reference.upload);
        if (path !== undefined) return path;
        throw new StorageError('The file that was sent is not here any more. Drop it again.', { file: reference.upload });
      }
      if (isAbsolute(reference.path)) return reference.path;
      throw new StorageError(`${JSON.stringify(reference.path)} is not a whole path. Give it from the root of the disk on.`, {
        file: reference.path,
      });
    },
    async release(reference) {
      if ('upload' in reference) await uploads?.remove(reference.upload);
    },
    takeOpened: (kind) => opened.take(kind),
  };
}
