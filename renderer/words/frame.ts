/** @file What the frame around the screens says: projects on the left, and what the program is. */
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
