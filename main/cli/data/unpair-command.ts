/** @file `prospect data unpair`: a dataset of examples out of one of pairs. */
import { cleanDataset, surveyDataset } from '#datasets/clean-dataset.ts';
import { unpairDataset } from '#datasets/unpair-dataset.ts';
import { getDataset } from '#store/datasets.ts';
import type { Command, Invocation } from '#cli/command.ts';
import { INPUT_GROUP } from '#cli/common-options.ts';
import { SUCCESS } from '#cli/exit-codes.ts';
import { factSheet } from '#cli/fact-sheet.ts';
import type { CliHost } from '#cli/host.ts';
import { flagOption, textOf, valueOption } from '#cli/option-spec.ts';
import { chosenVersion, ONE_DATASET } from './chosen-version.ts';
import { cleaningChoices, cleaningFacts, CLEANING_OPTIONS } from './clean-options.ts';
import { versionRows, versionTitle } from './describe-version.ts';
import { showWork } from './show-work.ts';
import { PROJECT, STORE_OPTIONS, withStore } from './store-options.ts';

const IN_INPUT = { group: INPUT_GROUP };

const OPTIONS = [
  valueOption('name', 'NAME', 'Name of the new dataset.', { ...IN_INPUT, default: 'that of the pairs, with “as examples”' }),
  flagOption('no-clean', 'Leaves duplicates, conflicts and empty answers as they are.', IN_INPUT),
  ...CLEANING_OPTIONS,
  PROJECT,
  ...STORE_OPTIONS,
];

export const DATA_UNPAIR: Command = { options: OPTIONS, operands: ONE_DATASET, run };

async function run({ given, operands }: Invocation, host: CliHost): Promise<number> {
  const choices = cleaningChoices(given);
  return withStore({ given, host, access: 'write' }, async (store) => {
    const from = chosenVersion(store, given, operands);
    const { screen, options } = showWork(host);
    const name = textOf(given, 'name') ?? `${from.dataset.name} as examples`;
    const examples = await unpairDataset(store, { versionId: from.version.id, name }, options);
    const dataset = getDataset(store, examples.datasetId) ?? from.dataset;
    const report = given.get('no-clean') === true ? null : (await surveyDataset(store, examples.id, options)).report(choices);
    const cleaned = report === null ? null : await cleanDataset(store, { versionId: examples.id, report, choices }, options);
    screen.clear();
    const version = cleaned ?? examples;
    if (given.get('json') === true) {
      const { verdicts: _verdicts, ...found } = report ?? { verdicts: null };
      host.stdout.write(`${JSON.stringify({ dataset, examples, report: report === null ? null : found, version })}\n`);
      return SUCCESS;
    }
    const facts = [['Unpaired', `${versionRows(from.dataset, from.version)} → ${versionRows(dataset, examples)}`] as const];
    host.stdout.write(factSheet(versionTitle(dataset, version), [...facts, ...(report === null ? [] : cleaningFacts(report))]));
    return SUCCESS;
  });
}
