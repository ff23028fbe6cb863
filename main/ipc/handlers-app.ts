/** @file Answers the requests about the program itself. */
import { readFile } from 'node:fs/promises';
import { Licence, type appRequests, type Shown } from '#contract/app.ts';
import { StorageError } from '#contract/errors.ts';
import type { HandlersOf } from './handlers.ts';
import { getPreferences, setPreferences } from './preferences.ts';

const Licences = Licence.array();

export const appHandlers: HandlersOf<typeof appRequests> = {
  'app.getInfo': (_input, { about, dataDir, logFile, store }) => ({
    version: about.version,
    host: about.host,
    platform: process.platform,
    dataFolder: dataDir,
    logFile,
    nodeVersion: process.versions.node,
    electronVersion: about.electronVersion,
    readOnly: store.readOnly,
  }),
  'app.getPreferences': (_input, { store }) => getPreferences(store),
  'app.setPreferences': (changes, { store, emit }) => {
    const preferences = setPreferences(store, changes);
    emit('app.preferencesChanged', preferences);
    return preferences;
  },
  'app.revealDataFolder': async (_input, { desktop, dataDir }): Promise<Shown> => ({ path: dataDir, shown: await desktop.reveal(dataDir) }),
  'app.openLog': async (_input, { desktop, logFile }): Promise<Shown> => ({ path: logFile, shown: await desktop.open(logFile) }),
  'app.listLicences': async (_input, { about }) => {
    const halves = await Promise.all(about.licenceFiles.map(readLicences));
    const byPackage = new Map(halves.flat().map((licence) => [`${licence.name} ${licence.version}`, licence]));
    return [...byPackage.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  },
};

async function readLicences(file: string): Promise<readonly Licence[]> {
  try {
    return Licences.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new StorageError(`The list of licences ${file} can't be read. Build it with: npm run build`, { file }, { cause: error });
  }
}
