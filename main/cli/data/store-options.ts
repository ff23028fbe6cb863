/** @file Options of the commands that work on what the window shows: which data folder, which project. */
import { SettingsError } from '#contract/errors.ts';
import { dataDirFor } from '#host/data-dir.ts';
import { nearestName } from '#engine/train/nearest-name.ts';
import { openStore, openStoreReadOnly } from '#store/open-store.ts';
import { findProject, listProjects, type Project } from '#store/projects.ts';
import type { Store } from '#store/store.ts';
import { INPUT_GROUP, OTHER_OPTIONS } from '#cli/common-options.ts';
import type { CliHost } from '#cli/host.ts';
import { flagOption, textOf, valueOption, type GivenOptions, type OptionSpec } from '#cli/option-spec.ts';

const DATA_DIR = valueOption('data-dir', 'DIR', 'Folder that holds all projects; the same as the window uses. Else $PROSPECT_DATA_DIR.', {
  group: INPUT_GROUP,
  default: "the system's folder for data",
});
export const PROJECT = valueOption('project', 'NAME', 'Project to work on; not needed where there is one only.', { group: INPUT_GROUP });
export const JSON_OUTPUT = flagOption('json', 'Prints one JSON object with all that was found or done.', { group: INPUT_GROUP });

/** At the end of the options of every such command. */
export const STORE_OPTIONS: readonly OptionSpec[] = [JSON_OUTPUT, DATA_DIR, ...OTHER_OPTIONS];

/**
 * Opens the store for `work` and closes it whatever happens.
 * @param access - `read`: works beside an open window, too
 * @throws {StoreError} if it can't be opened, with what can be done
 */
export async function withStore<T>(
  { given, host, access }: { readonly given: GivenOptions; readonly host: CliHost; readonly access: 'read' | 'write' },
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const { env, homeDir } = host;
  const folder = dataDirFor({ chosen: textOf(given, 'data-dir'), env, homeDir, platform: host.platform as NodeJS.Platform });
  const store = access === 'write' ? openStore(folder) : openStoreReadOnly(folder);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** @throws {SettingsError} if it is not there, or must be named */
export function chosenProject(store: Store, given: GivenOptions): Project {
  const name = textOf(given, PROJECT.name);
  const projects = listProjects(store);
  if (name !== undefined)
    return (
      findProject(store, name) ??
      refuseName(
        'project',
        name,
        projects.map((project) => project.name),
      )
    );
  const [only, ...others] = projects;
  if (only === undefined) throw new SettingsError('There is no project yet. Make one: prospect project create NAME.', { field: 'project' });
  if (others.length === 0) return only;
  const names = projects.map((project) => project.name).join(', ');
  throw new SettingsError(`There are ${projects.length} projects (${names}). Say which: --project NAME.`, { field: 'project' });
}

/** @param what - `project`, `dataset` */
export function refuseName(what: string, name: string, names: readonly string[]): never {
  const advice = names.length === 0 ? `There is no ${what} yet.` : `The nearest is “${nearestName(name, names)}”.`;
  throw new SettingsError(`There is no ${what} called “${name}”. ${advice}`, { field: what });
}
