/** @file Which column mapping an import uses: the one that is given, or the one that is proposed if it is sure enough. */
import { readFile } from 'node:fs/promises';
import { SettingsError } from '#contract/errors.ts';
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';
import type { SourceInspection } from '#datasets/inspect-source.ts';
import { parseMapping } from '#datasets/parse-mapping.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { INPUT_GROUP } from '#cli/common-options.ts';
import { flagOption, textOf, valueOption, type GivenOptions, type OptionSpec } from '#cli/option-spec.ts';
import { numberOf } from './number-option.ts';

/** From here on a proposal is used without asking. */
const SURE = 0.9;
const ANY = { least: -Infinity, most: Infinity, isWhole: false };
const IN_INPUT = { group: INPUT_GROUP };

export const MAPPING_OPTIONS: readonly OptionSpec[] = [
  valueOption('mapping', 'JSON|FILE', 'How columns become rows (docs/data-formats.md); else the proposal, if it is sure.', IN_INPUT),
  flagOption('accept', 'Uses the best proposal though it is not sure.', IN_INPUT),
  valueOption('desirable-from', 'NUMBER', 'Ratings from this one on are desirable; what lies between the two is left out.', IN_INPUT),
  valueOption('undesirable-to', 'NUMBER', 'Ratings up to this one are undesirable.', IN_INPUT),
];

/** @throws {SettingsError} if there is none to use, with what to type @throws {StorageError} */
export async function mappingFor(given: GivenOptions, { mappings, found }: SourceInspection): Promise<ColumnMapping> {
  const written = textOf(given, 'mapping');
  if (written !== undefined) return withThresholds(given, parseMapping(await readMapping(written)));
  const [best] = mappings;
  if (best === undefined) {
    throw new SettingsError(`No mapping of the columns fits. ${found} Give one: --mapping JSON (see docs/data-formats.md).`, {
      field: 'mapping',
    });
  }
  const mapping = withThresholds(given, best.mapping);
  if (best.confidence >= SURE || given.get('accept') === true || mapping !== best.mapping) return mapping;
  const doubts = best.warnings.length === 0 ? '' : ` ${best.warnings.join(' ')}`;
  throw new SettingsError(
    `How the columns become rows is not certain (${Math.round(best.confidence * 100)} %): ${best.description}${doubts} ` +
      `Look at it with --look, then add --accept, or give another with --mapping.`,
    { field: 'mapping' },
  );
}

async function readMapping(written: string): Promise<unknown> {
  const text = written.trimStart().startsWith('{') ? written : await readText(written);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SettingsError(`--mapping is not valid JSON (${error instanceof Error ? error.message : ''}).`, { field: 'mapping' });
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw asStorageError(error, 'read', file);
  }
}

/** The same mapping if no threshold was given. */
function withThresholds(given: GivenOptions, mapping: ColumnMapping): ColumnMapping {
  const [desirableFrom, undesirableTo] = [numberOf(given, 'desirable-from', ANY), numberOf(given, 'undesirable-to', ANY)];
  if (desirableFrom === undefined && undesirableTo === undefined) return mapping;
  if (desirableFrom === undefined || undesirableTo === undefined) {
    throw new SettingsError('--desirable-from and --undesirable-to belong together; give both.', { field: 'desirable-from' });
  }
  if (mapping.shape === 'rated-answers') return parseMapping({ ...mapping, give: { as: 'examples', desirableFrom, undesirableTo } });
  if (!('label' in mapping))
    throw new SettingsError('These rows have no rating that a threshold could be for.', { field: 'desirable-from' });
  return parseMapping({ ...mapping, label: { ...mapping.label, reading: { kind: 'rating', desirableFrom, undesirableTo } } });
}
