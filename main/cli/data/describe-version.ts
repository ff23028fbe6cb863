/** @file A version of a dataset in a few words. */
import { importedFiles } from '#datasets/import-origin.ts';
import type { Dataset, DatasetVersion } from '#store/datasets.ts';
import { counted } from '#cli/fact-sheet.ts';
import { formatCount } from '#cli/format-quantity.ts';

export function versionTitle({ name }: Pick<Dataset, 'name'>, { number }: Pick<DatasetVersion, 'number'>): string {
  return `Dataset ${name}, version ${number}`;
}

/** `2,503 examples: 1,668 desirable, 835 undesirable` */
export function versionRows(
  { kind }: Pick<Dataset, 'kind'>,
  version: Pick<DatasetVersion, 'rowCount' | 'desirableCount' | 'undesirableCount'>,
): string {
  const rows = counted(formatCount(version.rowCount), kind);
  if (kind === 'pair') return rows;
  return `${rows}: ${formatCount(version.desirableCount)} desirable, ${formatCount(version.undesirableCount)} undesirable`;
}

/** What made it, in a word or two. */
export function versionOrigin(version: Pick<DatasetVersion, 'origin'>): string {
  const files = importedFiles(version);
  if (files !== null) return `imported from ${files.map(({ name }) => name).join(', ')}`;
  const { kind, name, version: number } = version.origin;
  if (typeof kind !== 'string') return 'made otherwise';
  if (kind === 'unpair' && typeof name === 'string' && typeof number === 'number') return `unpaired from ${name}, version ${number}`;
  return ORIGINS[kind] ?? kind;
}

const ORIGINS: Readonly<Record<string, string>> = {
  clean: 'cleaned',
  subsample: 'one label thinned out',
  edit: 'edited',
  copy: 'copied from another project',
};
