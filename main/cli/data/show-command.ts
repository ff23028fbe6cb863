/** @file `prospect data show`: a dataset, its versions and some of its rows. */
import { rowRecord } from '#engine/data/row-record.ts';
import { readImportReport } from '#datasets/import-report.ts';
import { fromStoredRow } from '#datasets/row-texts.ts';
import { listVersions } from '#store/datasets.ts';
import { readRows } from '#store/rows.ts';
import { listSplits } from '#store/splits.ts';
import type { Command, Invocation } from '#cli/command.ts';
import { INPUT_GROUP } from '#cli/common-options.ts';
import { SUCCESS } from '#cli/exit-codes.ts';
import { factSheet } from '#cli/fact-sheet.ts';
import { formatCount } from '#cli/format-quantity.ts';
import type { CliHost } from '#cli/host.ts';
import { valueOption } from '#cli/option-spec.ts';
import { chosenVersion, ONE_DATASET } from './chosen-version.ts';
import { rowFacts } from './describe-inspection.ts';
import { versionOrigin, versionRows, versionTitle } from './describe-version.ts';
import { numberOf } from './number-option.ts';
import { PROJECT, STORE_OPTIONS, withStore } from './store-options.ts';

const IN_INPUT = { group: INPUT_GROUP };
const WHOLE_NUMBER = { least: 0, most: Infinity, isWhole: true };
const DEFAULT_ROWS = 5;

const OPTIONS = [
  valueOption('from', 'N', 'Number of the first row to show.', { ...IN_INPUT, default: '1' }),
  valueOption('rows', 'N', 'How many rows to show.', { ...IN_INPUT, default: String(DEFAULT_ROWS) }),
  PROJECT,
  ...STORE_OPTIONS,
];

export const DATA_SHOW: Command = { options: OPTIONS, operands: ONE_DATASET, run };

async function run({ given, operands }: Invocation, host: CliHost): Promise<number> {
  const from = numberOf(given, 'from', { ...WHOLE_NUMBER, least: 1 }) ?? 1;
  const count = numberOf(given, 'rows', WHOLE_NUMBER) ?? DEFAULT_ROWS;
  return withStore({ given, host, access: 'read' }, async (store) => {
    const { dataset, version } = chosenVersion(store, given, operands);
    const stored = readRows(store, { versionId: version.id, from: from - 1, count });
    const rows = stored.map((row, index) => fromStoredRow(row, from + index));
    const versions = listVersions(store, dataset.id);
    const splits = listSplits(store, version.id);
    if (given.get('json') === true) {
      const records = rows.map((row, index) => ({ row: row.row, id: stored[index]?.id, ...rowRecord(row) }));
      host.stdout.write(`${JSON.stringify({ dataset, version, versions, splits, rows: records })}\n`);
      return SUCCESS;
    }
    const report = readImportReport(version);
    const split = splits.at(-1);
    const sheet = factSheet(versionTitle(dataset, version), [
      ['Rows', versionRows(dataset, version)],
      ['Made', versionOrigin(version)],
      report === null || report.skippedRows === 0 ? null : ['Bad rows', `${formatCount(report.skippedRows)} were left out`],
      split === undefined
        ? null
        : ['Split', `${formatCount(split.trainCount)} rows to train on, ${formatCount(split.heldOutCount)} held out`],
      ['Versions', versions.map((one) => `${one.number}: ${versionRows(dataset, one)}; ${versionOrigin(one)}`).join('\n')],
    ]);
    host.stdout.write([sheet, ...rows.map((row) => factSheet(`Row ${row.row}`, rowFacts(row)))].join('\n'));
    return SUCCESS;
  });
}
