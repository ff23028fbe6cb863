/** @file `prospect data clean`: a version without duplicates, conflicts and empty answers. */
import { cleanDataset, surveyDataset } from '#datasets/clean-dataset.ts';
import type { Command, Invocation } from '#cli/command.ts';
import { INPUT_GROUP } from '#cli/common-options.ts';
import { SUCCESS } from '#cli/exit-codes.ts';
import { factSheet } from '#cli/fact-sheet.ts';
import type { CliHost } from '#cli/host.ts';
import { flagOption } from '#cli/option-spec.ts';
import { chosenVersion, ONE_DATASET } from './chosen-version.ts';
import { cleaningChoices, cleaningFacts, CLEANING_OPTIONS } from './clean-options.ts';
import { versionTitle } from './describe-version.ts';
import { showWork } from './show-work.ts';
import { PROJECT, STORE_OPTIONS, withStore } from './store-options.ts';

const OPTIONS = [
  ...CLEANING_OPTIONS,
  flagOption('look', 'Says what would be done; changes nothing.', { group: INPUT_GROUP }),
  PROJECT,
  ...STORE_OPTIONS,
];

export const DATA_CLEAN: Command = { options: OPTIONS, operands: ONE_DATASET, run };

async function run({ given, operands }: Invocation, host: CliHost): Promise<number> {
  const isLook = given.get('look') === true;
  const choices = cleaningChoices(given);
  return withStore({ given, host, access: isLook ? 'read' : 'write' }, async (store) => {
    const { dataset, version } = chosenVersion(store, given, operands);
    const { screen, options } = showWork(host);
    const report = (await surveyDataset(store, version.id, options)).report(choices);
    const cleaned = isLook ? null : await cleanDataset(store, { versionId: version.id, report, choices }, options);
    screen.clear();
    const { verdicts: _verdicts, ...found } = report;
    const text =
      given.get('json') === true
        ? `${JSON.stringify({ report: found, version: cleaned })}\n`
        : factSheet(versionTitle(dataset, cleaned ?? version), cleaningFacts(report));
    host.stdout.write(text);
    return SUCCESS;
  });
}
