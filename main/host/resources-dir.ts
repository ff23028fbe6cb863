/** @file Where the files lie that come with the program: its sample model and data. */
import { join, sep } from 'node:path';

/** @param distFolder - what the build made; in a package it lies in an archive, and large files beside it */
export function resourcesDirOf(distFolder: string): string {
  return join(distFolder, '..', 'resources').replace(`app.asar${sep}`, `app.asar.unpacked${sep}`);
}
