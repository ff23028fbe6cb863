/** @file Which version of which dataset is meant by `reviews` or `reviews@2`. */
import { SettingsError } from '#contract/errors.ts';
import { listDatasetSummaries } from '#datasets/list-datasets.ts';
import { listVersions, type Dataset, type DatasetVersion } from '#store/datasets.ts';
import { listSplits, type Split } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { flagOption, type GivenOptions } from '#cli/option-spec.ts';
import { INPUT_GROUP } from '#cli/common-options.ts';
import { chosenProject, refuseName } from './store-options.ts';

/** What a command takes that works on one version. */
export const ONE_DATASET = { least: 0, most: 1, name: 'DATASET' } as const;
export const WHOLE = flagOption('whole', 'Looks at all rows, also where the version is split.', { group: INPUT_GROUP });

export interface ChosenVersion {
  readonly dataset: Dataset;
  readonly version: DatasetVersion;
}

/**
 * @param operands - at most one: `NAME` is the newest version, `NAME@2` an earlier one; none: the project's only dataset
 * @throws {SettingsError} if it is not there, or must be named
 */
export function chosenVersion(store: Store, given: GivenOptions, operands: readonly string[]): ChosenVersion {
  const project = chosenProject(store, given);
  const all = listDatasetSummaries(store, project.id);
  const [written] = operands;
  if (written === undefined) {
    const [only, ...others] = all;
    if (only === undefined)
      throw new SettingsError(`“${project.name}” has no dataset yet. Import one: prospect data import FILE.`, { field: 'dataset' });
    if (others.length === 0) return { dataset: only.dataset, version: only.latest };
    const names = all.map(({ dataset }) => dataset.name).join(', ');
    throw new SettingsError(`“${project.name}” has ${all.length} datasets (${names}). Say which by its name.`, { field: 'dataset' });
  }
  const exact = all.find(({ dataset }) => dataset.name === written);
  if (exact) return { dataset: exact.dataset, version: exact.latest };
  const [, name = written, number] = /^(.*)@(\d+)$/u.exec(written) ?? [];
  const found = all.find(({ dataset }) => dataset.name === name);
  if (!found)
    return refuseName(
      'dataset',
      name,
      all.map(({ dataset }) => dataset.name),
    );
  const version = listVersions(store, found.dataset.id).find((one) => one.number === Number(number));
  if (version) return { dataset: found.dataset, version };
  throw new SettingsError(`“${name}” has no version ${number ?? ''}; its newest is ${found.latest.number}.`, { field: 'dataset' });
}

/** The newest split of the version, unless --whole was given; null if there is none. */
export function chosenSplit(store: Store, given: GivenOptions, { id }: DatasetVersion): Split | null {
  return given.get(WHOLE.name) === true ? null : (listSplits(store, id).at(-1) ?? null);
}
