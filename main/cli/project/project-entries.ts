/** @file The commands about projects. */
import type { CommandEntry } from '#cli/command.ts';

const ABOUT = ['Projects are those of the window. While a window is open, only commands that read can be used.'];

export const PROJECT_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'project list',
    summary: 'Lists the projects.',
    usage: ['project list'],
    about: ABOUT,
    examples: [['All of them', 'project list']],
    load: async () => (await import('./project-commands.ts')).PROJECT_LIST,
  },
  {
    name: 'project create',
    summary: 'Makes an empty project.',
    usage: ['project create NAME'],
    about: ABOUT,
    examples: [['For a reviewer', 'project create Reviewer']],
    load: async () => (await import('./project-commands.ts')).PROJECT_CREATE,
  },
  {
    name: 'project show',
    summary: 'Says what a project holds.',
    usage: ['project show NAME'],
    about: ABOUT,
    examples: [['Its datasets and runs', 'project show Reviewer']],
    load: async () => (await import('./project-commands.ts')).PROJECT_SHOW,
  },
  {
    name: 'project rename',
    summary: 'Gives a project another name.',
    usage: ['project rename NAME --to NAME'],
    about: ABOUT,
    examples: [['A better name', 'project rename Reviewer --to "Reviewer 2"']],
    load: async () => (await import('./project-commands.ts')).PROJECT_RENAME,
  },
  {
    name: 'project duplicate',
    summary: 'Copies a project: its datasets, without runs and chats.',
    usage: ['project duplicate NAME --to NAME'],
    about: ABOUT,
    examples: [['To try something else', 'project duplicate Reviewer --to Trial']],
    load: async () => (await import('./project-commands.ts')).PROJECT_DUPLICATE,
  },
  {
    name: 'project export',
    summary: 'Packs a whole project into one file.',
    usage: ['project export NAME --out FILE.prospect [--without-weights]'],
    about: [
      'Datasets with their versions, splits, runs with their curves, adapters, checkpoints, chats and votes, with a hash of each. The base model is named by its hash and not packed, unless it is the sample model.',
      ...ABOUT,
    ],
    examples: [
      ['Everything', 'project export Reviewer --out reviewer.prospect'],
      ['Small, for a colleague who looks at curves and rows', 'project export Reviewer --out reviewer.prospect --without-weights'],
    ],
    load: async () => (await import('./archive-commands.ts')).PROJECT_EXPORT,
  },
  {
    name: 'project import',
    summary: 'Brings a project in from such a file.',
    usage: ['project import FILE.prospect [--name NAME]'],
    about: [
      'The file is checked before and while it is unpacked; what is damaged or changed is refused, and then nothing is kept.',
      ...ABOUT,
    ],
    examples: [['As another project', 'project import reviewer.prospect --name "Reviewer of last week"']],
    load: async () => (await import('./archive-commands.ts')).PROJECT_IMPORT,
  },
  {
    name: 'project delete',
    summary: 'Deletes a project, after saying what goes with it.',
    usage: ['project delete NAME [--yes] [--delete-files]'],
    about: ABOUT,
    examples: [
      ['What would go', 'project delete Trial'],
      ['With its files', 'project delete Trial --yes --delete-files'],
    ],
    load: async () => (await import('./project-commands.ts')).PROJECT_DELETE,
  },
];
