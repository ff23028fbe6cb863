/** @file Writes the Reviewer #2 files into a folder. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '#contract/errors.ts';
import { reviewer2Files } from './files.ts';

/**
 * Makes the folder if needed and replaces files of the same names.
 * @returns the paths written
 * @throws {StorageError} if one can't be written
 */
export async function writeReviewer2Files(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const [name, content] of reviewer2Files()) {
    const path = join(folder, name);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(path, content);
    } catch (error) {
      if (!(error instanceof Error) || !('syscall' in error)) throw error;
      throw new StorageError(`Could not write ${path}: ${error.message}.`, { file: path }, { cause: error });
    }
    paths.push(path);
  }
  return paths;
}
