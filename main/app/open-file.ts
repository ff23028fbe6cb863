/** @file Files that the program is opened with: a double click, a drop on its icon, an argument. */
import { app } from 'electron';
import { datasetArguments, type OpenedFiles } from '#host/opened-files.ts';

/** macOS tells of them by an event, possibly before the app is ready; the others by arguments. */
export function collectOpenedFiles(
  opened: OpenedFiles,
  { argv, folder }: { readonly argv: readonly string[]; readonly folder: string },
): void {
  app.on('open-file', (event, path) => {
    event.preventDefault();
    opened.add(path);
  });
  for (const path of datasetArguments(argv, folder)) opened.add(path);
}
