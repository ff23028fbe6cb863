/** @file `prospect project export` and `project import`: a whole project as one file. */
import { resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { OutputBusyError, SettingsError } from '#contract/errors.ts';
import { findProject, listProjects } from '#store/projects.ts';
import { readArchive } from '#transfer/archive/read-archive.ts';
import { writeArchive, type ArchiveWork } from '#transfer/archive/write-archive.ts';
import type { Command } from '#cli/command.ts';
import { CACHE_DIR, cacheFolder, INPUT_GROUP } from '#cli/common-options.ts';
import { refuseName, STORE_OPTIONS, withStore } from '#cli/data/store-options.ts';
import { SUCCESS } from '#cli/exit-codes.ts';
import { counted } from '#cli/fact-sheet.ts';
import { formatBytes, formatCount } from '#cli/format-quantity.ts';
import type { CliHost } from '#cli/host.ts';
import { flagOption, textOf, valueOption, type GivenOptions, type OptionSpec } from '#cli/option-spec.ts';
import { Screen } from '#cli/screen.ts';

const IN_INPUT = { group: INPUT_GROUP };
const ENDING = '.prospect';

const EXPORT_OPTIONS: readonly OptionSpec[] = [
  valueOption('out', 'FILE', 'The archive; it ends in .prospect. Required.', IN_INPUT),
  flagOption('without-weights', 'Leaves out the files of adapters and checkpoints.', IN_INPUT),
  CACHE_DIR,
  ...STORE_OPTIONS,
];

export const PROJECT_EXPORT: Command = {
  options: EXPORT_OPTIONS,
  operands: { least: 1, most: 1, name: 'NAME' },
  run: ({ given, operands }, host) =>
    withStore({ given, host, access: 'read' }, async (store) => {
      const name = operands[0] ?? '';
      const project =
        findProject(store, name) ??
        refuseName(
          'project',
          name,
          listProjects(store).map((one) => one.name),
        );
      const file = outFile(given);
      const manifest = await shown(host, given, (work) =>
        writeArchive(store, { projectId: project.id, file, hasWeights: given.get('without-weights') !== true }, work),
      );
      const bytes = manifest.entries.reduce((sum, entry) => sum + entry.bytes, 0);
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
      const text = `${file}: project ${name} with ${counted(formatCount(rows), 'row')} of its tables and ${formatBytes(bytes)} in all.\n`;
      host.stdout.write(given.get('json') === true ? `${JSON.stringify({ file, tables: manifest.tables, bytes })}\n` : text);
      return SUCCESS;
    }),
};

const IMPORT_OPTIONS: readonly OptionSpec[] = [
  valueOption('name', 'NAME', 'What to call the project.', { ...IN_INPUT, default: 'its name' }),
  CACHE_DIR,
  ...STORE_OPTIONS,
];

export const PROJECT_IMPORT: Command = {
  options: IMPORT_OPTIONS,
  operands: { least: 1, most: 1, name: 'FILE' },
  run: ({ given, operands }, host) =>
    withStore({ given, host, access: 'write' }, async (store) => {
      const request = { file: resolve(operands[0] ?? ''), name: textOf(given, 'name') ?? null };
      const { project, notes } = await shown(host, given, (work) => readArchive(store, request, work));
      for (const note of notes) host.stderr.write(`${note}\n`);
      host.stdout.write(
        given.get('json') === true ? `${JSON.stringify({ project, notes })}\n` : `Project ${project.name} was brought in.\n`,
      );
      return SUCCESS;
    }),
};

function outFile(given: GivenOptions): string {
  const out = textOf(given, 'out');
  if (out === undefined) throw new SettingsError('Say where the archive goes: --out FILE.prospect.', { field: 'out' });
  const file = resolve(out.endsWith(ENDING) ? out : `${out}${ENDING}`);
  if (existsSync(file)) throw new OutputBusyError(`${file} is there already. Choose another name, or remove it.`, { folder: file });
  return file;
}

async function shown<T>(host: CliHost, given: GivenOptions, work: (around: ArchiveWork) => Promise<T>): Promise<T> {
  const screen = new Screen(host);
  try {
    return await work({ cacheDir: cacheFolder(given, host), signal: host.signal, onProgress: (progress) => screen.progress(progress) });
  } finally {
    screen.clear();
  }
}
