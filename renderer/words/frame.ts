/** @file What the frame around the screens says: projects on the left, what can be done with one, and what the program is. */
import type { ProjectContents } from '#contract/projects.ts';
import { counted, formatBytes } from './numbers.ts';

export const frameWords = {
  projects: {
    title: 'Projects',
    loading: 'Loading projects',
    none: 'None yet. Press New to make the first.',
    new: 'New',
    dialog: 'New project',
    name: 'Name',
    example: 'Reviewer #2',
    create: 'Create',
  },
  project: {
    name: 'Name',
    menu: (name: string): string => `What to do with the project ${name}`,
    rename: { open: 'Rename…', title: 'Rename the project', confirm: 'Rename' },
    duplicate: {
      open: 'Duplicate…',
      title: 'Copy datasets and settings, without runs',
      confirm: 'Duplicate',
      copyOf: (name: string): string => `${name} (copy)`,
    },
    reveal: 'Show folder',
    filesAre: (path: string): string => `Its runs are in ${path}`,
    remove: {
      open: 'Delete…',
      title: (name: string): string => `Delete ${name}?`,
      loading: 'Looking what belongs to it',
      text: ({ datasets, runs, adapters }: ProjectContents): string =>
        `${counted(datasets, 'dataset', 'datasets')}, ${counted(runs, 'run', 'runs')} and ${counted(adapters, 'adapter', 'adapters')} go with it. This can’t be undone.`,
      files: (bytes: number): string => `Delete the files of its runs and adapters, too (${formatBytes(bytes)})`,
      confirm: 'Delete project',
    },
  },
  noProject: { title: 'No project is open', note: 'Choose a project on the left, or make a new one.' },
  about: {
    title: 'About Prospect',
    loading: 'Loading',
    text: (version: string): string => `Prospect ${version} aligns a language model on your own machine. Nothing leaves it.`,
    data: 'Data:',
    show: 'Show',
    log: 'Log:',
    openLog: 'Open',
    versions: (node: string, electron: string | null): string => `Node ${node}${electron === null ? '' : `, Electron ${electron}`}`,
    licences: 'Licences',
    loadingLicences: 'Loading the licences',
    licence: (name: string, version: string, licence: string): string => `${name} ${version} · ${licence}`,
  },
} as const;
