/** @file `prospect project …`: what the sidebar of the window lists. */
import { SettingsError } from '#contract/errors.ts';
import { ProjectName } from '#contract/projects.ts';
import { listDatasetSummaries } from '#datasets/list-datasets.ts';
import { duplicateProject } from '#projects/duplicate-project.ts';
import { deleteProject, projectContents } from '#projects/project-contents.ts';
import { createProject, findProject, listProjects, updateProject, type Project } from '#store/projects.ts';
import { listRuns } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import type { Command, Invocation } from '#cli/command.ts';
import { INPUT_GROUP } from '#cli/common-options.ts';
import { versionRows } from '#cli/data/describe-version.ts';
import { refuseName, STORE_OPTIONS, withStore } from '#cli/data/store-options.ts';
import { SUCCESS } from '#cli/exit-codes.ts';
import { counted, factSheet, type Fact } from '#cli/fact-sheet.ts';
import { formatBytes, formatCount } from '#cli/format-quantity.ts';
import type { CliHost } from '#cli/host.ts';
import { flagOption, textOf, valueOption, type GivenOptions } from '#cli/option-spec.ts';

const IN_INPUT = { group: INPUT_GROUP };
const ONE_PROJECT = { least: 1, most: 1, name: 'NAME' } as const;
const TO = valueOption('to', 'NAME', 'The new name.', IN_INPUT);

/** What a command did: as JSON, and in words. */
interface Done {
  readonly found: unknown;
  readonly text: string;
}

type Work = (store: Store, invocation: Invocation) => Done | Promise<Done>;

function command(access: 'read' | 'write', parts: Omit<Command, 'run'>, work: Work): Command {
  return {
    ...parts,
    options: [...parts.options, ...STORE_OPTIONS],
    run: (invocation: Invocation, host: CliHost) =>
      withStore({ given: invocation.given, host, access }, async (store) => {
        const { found, text } = await work(store, invocation);
        host.stdout.write(invocation.given.get('json') === true ? `${JSON.stringify(found)}\n` : text);
        return SUCCESS;
      }),
  };
}

export const PROJECT_LIST = command('read', { options: [] }, (store) => {
  const projects = listProjects(store);
  const facts = projects.map((project): Fact => [project.name, contentText(store, project)]);
  return {
    found: projects,
    text: facts.length === 0 ? 'There is no project yet. Make one: prospect project create NAME.\n' : factSheet('Projects', facts),
  };
});

export const PROJECT_CREATE = command('write', { options: [], operands: ONE_PROJECT }, (store, { operands }) => {
  const project = createProject(store, { name: checkedName(operands[0]) });
  return { found: project, text: `Project ${project.name} was made.\n` };
});

export const PROJECT_RENAME = command('write', { options: [TO], operands: ONE_PROJECT }, (store, { given, operands }) => {
  const { id, name } = named(store, operands);
  const project = updateProject(store, id, { name: newName(given) });
  return { found: project, text: `Project ${name} is called ${project.name} now.\n` };
});

export const PROJECT_DUPLICATE = command('write', { options: [TO], operands: ONE_PROJECT }, async (store, { given, operands }) => {
  const { id, name } = named(store, operands);
  const project = await duplicateProject(store, id, newName(given));
  return { found: project, text: `${project.name} is a copy of ${name}: its datasets, without runs and chats.\n` };
});

export const PROJECT_DELETE = command(
  'write',
  {
    options: [
      flagOption('yes', 'Deletes; without it only what would go is shown.', IN_INPUT),
      flagOption('delete-files', 'Deletes the files of its runs and adapters, too; else they stay in the data folder.', IN_INPUT),
    ],
    operands: ONE_PROJECT,
  },
  async (store, { given, operands }) => {
    const { id, name } = named(store, operands);
    const contents = projectContents(store, id);
    const { datasets, runs, adapters, bytes } = contents;
    const goes = `${counted(formatCount(datasets), 'dataset')}, ${counted(formatCount(runs), 'run')} and ${counted(formatCount(adapters), 'adapter')}`;
    if (given.get('yes') !== true) {
      throw new SettingsError(`With “${name}” go ${goes} (${formatBytes(bytes)} in files). Add --yes to delete it.`, { field: 'yes' });
    }
    await deleteProject(store, id, { deleteFiles: given.get('delete-files') === true });
    return { found: { name, ...contents }, text: `Project ${name} was deleted, with ${goes}.\n` };
  },
);

export const PROJECT_SHOW = command('read', { options: [], operands: ONE_PROJECT }, (store, { operands }) => {
  const project = named(store, operands);
  const datasets = listDatasetSummaries(store, project.id);
  const runs = listRuns(store, project.id);
  const text = factSheet(`Project ${project.name}`, [
    ['Made', new Date(project.createdAt).toISOString()],
    project.notes === '' ? null : ['Notes', project.notes],
    ['Datasets', datasets.map(({ dataset, latest }) => `${dataset.name}: ${versionRows(dataset, latest)}`).join('\n') || 'none'],
    [
      'Runs',
      runs.map(({ name, method, status, lastStep }) => `${name}: ${method}, ${status}, step ${formatCount(lastStep)}`).join('\n') || 'none',
    ],
  ]);
  return { found: { project, datasets, runs }, text };
});

function named(store: Store, operands: readonly string[]): Project {
  const name = operands[0] ?? '';
  return (
    findProject(store, name) ??
    refuseName(
      'project',
      name,
      listProjects(store).map((project) => project.name),
    )
  );
}

function newName(given: GivenOptions): string {
  return checkedName(textOf(given, 'to') ?? '');
}

function checkedName(written = ''): string {
  const parsed = ProjectName.safeParse(written);
  if (parsed.success) return parsed.data;
  throw new SettingsError(parsed.error.issues[0]?.message ?? 'A project needs a name.', { field: 'name' });
}

function contentText(store: Store, { id }: Project): string {
  const { datasets, runs } = projectContents(store, id);
  return `${counted(formatCount(datasets), 'dataset')}, ${counted(formatCount(runs), 'run')}`;
}
