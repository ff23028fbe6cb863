/** @file `prospect data import`: files become a dataset of a project. */
import { basename } from 'node:path';
import { SettingsError } from '#contract/errors.ts';
import { LEFT_OUT_REASONS, type LeftOutReason } from '#engine/data/shapes/record-reading.ts';
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';
import { importDataset, type BadRowDecision } from '#datasets/import-dataset.ts';
import type { BadRows } from '#datasets/bad-row-list.ts';
import { inspectSource } from '#datasets/inspect-source.ts';
import { listDatasetSummaries } from '#datasets/list-datasets.ts';
import { previewSource } from '#datasets/preview-source.ts';
import { readRepaired } from '#datasets/read-repaired.ts';
import { saveBadRows } from '#datasets/save-bad-rows.ts';
import type { ImportOutcome, ImportTarget } from '#datasets/staged-import.ts';
import { getDataset } from '#store/datasets.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { createProject, findProject, listProjects, type Project } from '#store/projects.ts';
import type { Store } from '#store/store.ts';
import type { Command, Invocation } from '#cli/command.ts';
import { INPUT_GROUP } from '#cli/common-options.ts';
import { SUCCESS } from '#cli/exit-codes.ts';
import { counted, factSheet, type Fact } from '#cli/fact-sheet.ts';
import { formatCount } from '#cli/format-quantity.ts';
import type { CliHost } from '#cli/host.ts';
import { flagOption, textOf, valueOption, type GivenOptions, type OptionSpec } from '#cli/option-spec.ts';
import { describeInspection } from './describe-inspection.ts';
import { versionRows, versionTitle } from './describe-version.ts';
import { MAPPING_OPTIONS, mappingFor } from './import-mapping.ts';
import { showWork } from './show-work.ts';
import { PROJECT, refuseName, STORE_OPTIONS, withStore } from './store-options.ts';

const IN_INPUT = { group: INPUT_GROUP };
/** Of a project that is made because there is none. */
const FIRST_PROJECT = 'Project';
const SHOWN_BAD_ROWS = 5;

const OPTIONS: readonly OptionSpec[] = [
  flagOption('look', 'Shows formats, columns, proposals and the first rows; imports nothing.', IN_INPUT),
  valueOption('name', 'NAME', 'Name of the new dataset.', { ...IN_INPUT, default: "the file's" }),
  valueOption('into', 'DATASET', 'Adds the rows to a dataset, as its next version.', IN_INPUT),
  flagOption('replace', 'With --into: the rows take the place of all that are there.', IN_INPUT),
  flagOption('again', 'Imports files that were imported before.', IN_INPUT),
  ...MAPPING_OPTIONS,
  flagOption('skip-bad-rows', 'Leaves bad rows out; else one of them ends the import.', IN_INPUT),
  valueOption('bad-rows', 'FILE', 'Writes all bad rows to this CSV: where they are, what was expected and found.', IN_INPUT),
  valueOption('repaired', 'FILE', 'Such a CSV, with records repaired in its last column, which take the places of the bad ones.', IN_INPUT),
  PROJECT,
  ...STORE_OPTIONS,
];

export const DATA_IMPORT: Command = { options: OPTIONS, operands: { least: 1, most: Infinity, name: 'FILE' }, run };

async function run({ given, operands }: Invocation, host: CliHost): Promise<number> {
  const inspection = await inspectSource(operands, { signal: host.signal });
  if (given.get('look') === true) {
    const [best] = inspection.mappings;
    const preview = best === undefined ? null : await previewSource({ paths: operands, mapping: best.mapping, signal: host.signal });
    const found = given.get('json') === true ? `${JSON.stringify({ ...inspection, preview })}\n` : describeInspection(inspection, preview);
    host.stdout.write(found);
    return SUCCESS;
  }
  const mapping = await mappingFor(given, inspection);
  const outcome = await withStore({ given, host, access: 'write' }, (store) =>
    importInto(store, { given, host, paths: operands, mapping }),
  );
  const text = given.get('json') === true ? `${JSON.stringify(outcome)}\n` : describe(outcome);
  host.stdout.write(text);
  return SUCCESS;
}

interface Work {
  readonly given: GivenOptions;
  readonly host: CliHost;
  readonly paths: readonly string[];
  readonly mapping: ColumnMapping;
}

type Imported = ImportOutcome & { readonly dataset: NonNullable<ReturnType<typeof getDataset>>; readonly project: string };

async function importInto(store: Store, { given, host, paths, mapping }: Work): Promise<Imported> {
  const { project, isNew } = projectFor(store, given);
  const { screen, options } = showWork(host);
  try {
    const into = targetOf(store, given, { project, paths });
    const badRowsFile = textOf(given, 'bad-rows');
    if (badRowsFile !== undefined) {
      const kind = 'datasetId' in into ? (getDataset(store, into.datasetId)?.kind ?? null) : null;
      const count = await saveBadRows({ paths, mapping, kind, path: badRowsFile }, options);
      screen.remark(`${counted(formatCount(count), 'bad row')} written to ${badRowsFile}.`);
    }
    const badRows = (found: BadRows): Promise<BadRowDecision> => decide(found, { given, host });
    const outcome = await importDataset(store, { paths, mapping, into, badRows, again: given.get('again') === true }, options);
    screen.clear();
    const dataset = getDataset(store, outcome.version.datasetId);
    if (dataset === null) throw new SettingsError('The dataset was deleted meanwhile.', { field: 'dataset' });
    return { ...outcome, dataset, project: project.name };
  } catch (error) {
    screen.clear();
    if (isNew) deleteWithFiles(store, 'project', project.id);
    throw error;
  }
}

const triedRepairs = new WeakSet<GivenOptions>();

/** Repairs come first and once; then the rest is skipped or ends the import. */
async function decide({ count, listed }: BadRows, { given, host }: Pick<Work, 'given' | 'host'>): Promise<BadRowDecision> {
  const repaired = textOf(given, 'repaired');
  if (repaired !== undefined && !triedRepairs.has(given)) {
    triedRepairs.add(given);
    return { kind: 'fix', fixes: await readRepaired(repaired, listed, host.signal) };
  }
  if (given.get('skip-bad-rows') === true) return { kind: 'skip' };
  for (const { message } of listed.slice(0, SHOWN_BAD_ROWS)) host.stderr.write(`${message}\n`);
  if (count > SHOWN_BAD_ROWS) host.stderr.write(`… and ${formatCount(count - SHOWN_BAD_ROWS)} more; --bad-rows FILE writes all of them.\n`);
  host.stderr.write('Repair them, or leave them out with --skip-bad-rows.\n');
  return { kind: 'abort' };
}

function projectFor(store: Store, given: GivenOptions): { readonly project: Project; readonly isNew: boolean } {
  const name = textOf(given, PROJECT.name);
  const all = listProjects(store);
  if (name === undefined && all.length > 1) {
    const names = all.map((project) => project.name).join(', ');
    throw new SettingsError(`There are ${all.length} projects (${names}). Say which: --project NAME.`, { field: 'project' });
  }
  const known = name === undefined ? all[0] : findProject(store, name);
  return known ? { project: known, isNew: false } : { project: createProject(store, { name: name ?? FIRST_PROJECT }), isNew: true };
}

function targetOf(
  store: Store,
  given: GivenOptions,
  { project, paths }: { readonly project: Project; readonly paths: readonly string[] },
): ImportTarget {
  const into = textOf(given, 'into');
  if (into === undefined) {
    if (given.get('replace') === true)
      throw new SettingsError('--replace needs --into DATASET: whose rows are replaced.', { field: 'replace' });
    return { projectId: project.id, name: textOf(given, 'name') ?? nameOf(paths[0] ?? '') };
  }
  if (textOf(given, 'name') !== undefined)
    throw new SettingsError('--name is for a new dataset; with --into the dataset has one.', { field: 'name' });
  const all = listDatasetSummaries(store, project.id).map(({ dataset }) => dataset);
  const { id } =
    all.find(({ name }) => name === into) ??
    refuseName(
      'dataset',
      into,
      all.map(({ name }) => name),
    );
  return { datasetId: id, rows: given.get('replace') === true ? 'replace' : 'append' };
}

/** `data/reviews.jsonl.gz` → `reviews` */
function nameOf(path: string): string {
  return basename(path).replace(/\.(?:jsonl|ndjson|jsonlines|json|csv|tsv|tab|txt|parquet|pq)?(?:\.gz)?$/iu, '') || 'data';
}

function describe({ version, report, dataset, project }: Imported): string {
  const leftOut = Object.entries(report.leftOut) as [LeftOutReason, number][];
  const facts: readonly (Fact | null)[] = [
    ['Project', project],
    ['Rows', versionRows(dataset, version)],
    report.fixedRows === 0 ? null : ['Repaired rows', formatCount(report.fixedRows)],
    report.skippedRows === 0
      ? null
      : ['Bad rows', `${formatCount(report.skippedRows)}, left out. The first: ${report.firstSkipped[0]?.message ?? ''}`],
    leftOut.length === 0
      ? null
      : ['Left out', leftOut.map(([reason, count]) => `${formatCount(count)} because ${LEFT_OUT_REASONS[reason]}`).join('\n')],
    report.notes.length === 0 ? null : ['Notes', report.notes.join('\n')],
  ];
  return factSheet(versionTitle(dataset, version), facts);
}
