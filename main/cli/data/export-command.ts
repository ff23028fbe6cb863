/** @file `prospect data export`: a dataset as a file in TRL's columns. */
import { SettingsError } from '#contract/errors.ts';
import { exportDataset, exportFormatOf } from '#datasets/export-dataset.ts';
import type { Command, Invocation } from '#cli/command.ts';
import { INPUT_GROUP, requireOptions } from '#cli/common-options.ts';
import { SUCCESS } from '#cli/exit-codes.ts';
import { factSheet } from '#cli/fact-sheet.ts';
import { formatCount } from '#cli/format-quantity.ts';
import type { CliHost } from '#cli/host.ts';
import { valueOption } from '#cli/option-spec.ts';
import { chosenSplit, chosenVersion, ONE_DATASET } from './chosen-version.ts';
import { versionTitle } from './describe-version.ts';
import { wordOf } from './number-option.ts';
import { showWork } from './show-work.ts';
import { PROJECT, STORE_OPTIONS, withStore } from './store-options.ts';

const IN_INPUT = { group: INPUT_GROUP };

const OPTIONS = [
  valueOption('out', 'FILE', 'File to write; one of that name is replaced once the new one is whole.', IN_INPUT),
  valueOption('format', 'jsonl|csv|parquet', 'What to write.', { ...IN_INPUT, default: "by the file's name" }),
  valueOption('part', 'train|held-out|left-out', 'Writes one part of the newest split.', { ...IN_INPUT, default: 'all rows' }),
  PROJECT,
  ...STORE_OPTIONS,
];

export const DATA_EXPORT: Command = { options: OPTIONS, operands: ONE_DATASET, run };

async function run({ given, operands }: Invocation, host: CliHost): Promise<number> {
  const { out } = requireOptions(given, ['out'], OPTIONS);
  const format = wordOf(given, 'format', ['jsonl', 'csv', 'parquet']) ?? exportFormatOf(out);
  if (format === null)
    throw new SettingsError(`${out} does not say its format. Call it .jsonl, .csv or .parquet, or give --format.`, { field: 'format' });
  const part = wordOf(given, 'part', ['train', 'held-out', 'left-out']);
  return withStore({ given, host, access: 'read' }, async (store) => {
    const { dataset, version } = chosenVersion(store, given, operands);
    const split = part === undefined ? null : chosenSplit(store, given, version);
    if (part !== undefined && split === null) {
      throw new SettingsError(`Version ${version.number} of “${dataset.name}” is not split. Split it first: prospect data split.`, {
        field: 'part',
      });
    }
    const { screen, options } = showWork(host);
    const parts = split === null || part === undefined ? null : { splitId: split.id, part };
    const outcome = await exportDataset(store, { versionId: version.id, split: parts, format, path: out }, options);
    screen.clear();
    const sheet = factSheet(versionTitle(dataset, version), [
      ['Written to', outcome.path],
      ['Rows', formatCount(outcome.rows)],
      ['Columns', outcome.columns.join(', ')],
    ]);
    host.stdout.write(given.get('json') === true ? `${JSON.stringify(outcome)}\n` : sheet);
    return SUCCESS;
  });
}
