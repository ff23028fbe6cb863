/** @file Everything the system asks a person for the program: files, folders, and whether they mean it. */
import { extname } from 'node:path';
import { BrowserWindow, dialog, shell, type MessageBoxOptions, type OpenDialogOptions, type SaveDialogOptions } from 'electron';
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
  archive: {
    title: 'Bring in a project',
    buttonLabel: 'Bring in',
    properties: ['openFile'],
    filters: [{ name: 'Projects of Prospect', extensions: ['prospect'] }],
  },
  'export-folder': { title: 'Choose where to put it', buttonLabel: 'Export here', properties: ['openDirectory', 'createDirectory'] },
};

/** By their endings. */
const FILE_KINDS: Readonly<Record<string, string>> = {
  jsonl: 'JSON Lines',
  csv: 'CSV',
  parquet: 'Parquet',
  prospect: 'Project of Prospect',
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
  pickTarget: async (fileName) => {
    const window = BrowserWindow.getFocusedWindow();
    const extension = extname(fileName).slice(1);
    const filters = [{ name: FILE_KINDS[extension] ?? extension, extensions: [extension] }];
    const options: SaveDialogOptions = {
      title: 'Export',
      buttonLabel: 'Export',
      defaultPath: fileName,
      filters,
      // Linux asks only then whether to replace a file; the others always do.
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    };
    const { filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
    return filePath === '' ? [] : [filePath];
  },
};

/** What closing the window means while something goes on: it goes on without a window, it is ended in order, or the window stays. */
export type CloseChoice = 'background' | 'stop' | 'stay';

const CLOSE_CHOICES: readonly CloseChoice[] = ['background', 'stop', 'stay'];

/** @param activities - what goes on, as sentences name it */
export async function confirmClose(activities: readonly string[]): Promise<CloseChoice> {
  const response = await ask({
    type: 'question',
    message: `${activities.join(', ')} ${activities.length === 1 ? 'is' : 'are'} under way.`,
    detail:
      'In the background it goes on without a window; start Prospect again to see it, and it ends by itself when it is done. Stop and save keeps a checkpoint, from which a run can be resumed.',
    buttons: ['Keep running in background', 'Stop and save', 'Cancel'],
    cancelId: 2,
    defaultId: 0,
  });
  return CLOSE_CHOICES[response] ?? 'stay';
}

/** Escape and Return mean no. */
export async function confirmLink(url: string): Promise<boolean> {
  const buttons = ['Open', 'Cancel'];
  const question: MessageBoxOptions = { type: 'question', message: 'Open this address in your browser?', detail: url, buttons };
  return (await ask({ ...question, cancelId: 1, defaultId: 1 })) === 0;
}

/** @returns the number of the button */
async function ask(options: MessageBoxOptions): Promise<number> {
  const window = BrowserWindow.getFocusedWindow();
  const plain: MessageBoxOptions = { ...options, noLink: true };
  const { response } = await (window ? dialog.showMessageBox(window, plain) : dialog.showMessageBox(plain));
  return response;
}
