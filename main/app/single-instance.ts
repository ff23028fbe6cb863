/** @file One Prospect a data folder: a second start hands its files to the first and ends. */
import { app } from 'electron';
import { datasetArguments } from '#host/opened-files.ts';

export interface SingleInstanceOptions {
  /** The second one's files, as absolute paths. */
  readonly onFiles: (paths: readonly string[]) => void;
  readonly onSecond: () => void;
}

/** @returns false in the second instance, which is to end. Electron tells instances apart by their `userData` folder. */
export function beTheOnlyInstance({ onFiles, onSecond }: SingleInstanceOptions): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', (_event, argv, folder) => {
    onSecond();
    onFiles(datasetArguments(argv.slice(1), folder));
  });
  return true;
}
