/** @file Everything the system asks a person for the program: files, folders, and whether they mean it. */
import { BrowserWindow, dialog, shell, type MessageBoxOptions, type OpenDialogOptions } from 'electron';
import type { PickPurpose } from '#contract/files.ts';
import type { Desktop } from '#ipc/services.ts';

const DATASET_EXTENSIONS = ['jsonl', 'json', 'csv', 'tsv', 'parquet'];

const PICKERS: { readonly [Purpose in PickPurpose]: OpenDialogOptions } = {
  dataset: {
    title: 'Import answers',
    buttonLabel: 'Import',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Answers', extensions: DATASET_EXTENSIONS },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  'model-folder': { title: 'Choose the folder of a model', buttonLabel: 'Choose', properties: ['openDirectory'] },
  'adapter-folder': { title: 'Choose the folder of an adapter', buttonLabel: 'Choose', properties: ['openDirectory'] },
  'export-folder': { title: 'Choose where to put it', buttonLabel: 'Export here', properties: ['openDirectory', 'createDirectory'] },
};

export const electronDesktop: Desktop = {
  reveal: (path) => {
    shell.showItemInFolder(path);
    return Promise.resolve(true);
  },
  open: async (path) => (await shell.openPath(path)) === '',
  pick: async (purpose) => {
    const window = BrowserWindow.getFocusedWindow();
    const { filePaths } = await (window ? dialog.showOpenDialog(window, PICKERS[purpose]) : dialog.showOpenDialog(PICKERS[purpose]));
    return filePaths;
  },
};

/** @param activities - what goes on, as sentences name it @returns whether to close all the same */
export function confirmClose(activities: readonly string[]): Promise<boolean> {
  return confirm({
    type: 'warning',
    message: `${activities.join(', ')} ${activities.length === 1 ? 'is' : 'are'} under way.`,
    detail: 'Runs are stopped at their next checkpoint and can be resumed the next time.',
    buttons: ['Stop and close', 'Keep running'],
  });
}

export function confirmLink(url: string): Promise<boolean> {
  return confirm({ type: 'question', message: 'Open this address in your browser?', detail: url, buttons: ['Open', 'Cancel'] });
}

/** @param options - the first button means yes; Escape and Return mean no */
async function confirm(options: MessageBoxOptions): Promise<boolean> {
  const cautious: MessageBoxOptions = { ...options, cancelId: 1, defaultId: 1, noLink: true };
  const window = BrowserWindow.getFocusedWindow();
  const { response } = await (window ? dialog.showMessageBox(window, cautious) : dialog.showMessageBox(cautious));
  return response === 0;
}
