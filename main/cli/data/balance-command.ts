/** @file `prospect data balance`: what can be done about unequal numbers of labels. */
import type { BalanceChoice } from '#engine/train/balance-choices.ts';
import { balanceDataset, mixDataset, subsampleDataset } from '#datasets/balance-dataset.ts';
import type { Command, Invocation } from '#cli/command.ts';
import { INPUT_GROUP } from '#cli/common-options.ts';
import { SUCCESS } from '#cli/exit-codes.ts';
import { factSheet } from '#cli/fact-sheet.ts';
import { formatCount } from '#cli/format-quantity.ts';
import type { CliHost } from '#cli/host.ts';
import { flagOption, valueOption } from '#cli/option-spec.ts';
import { chosenSplit, chosenVersion, ONE_DATASET, WHOLE } from './chosen-version.ts';
import { versionRows, versionTitle } from './describe-version.ts';
import { numberOf } from './number-option.ts';
import { showWork } from './show-work.ts';
import { PROJECT, STORE_OPTIONS, withStore } from './store-options.ts';

const IN_INPUT = { group: INPUT_GROUP };
const DEFAULT_BATCH = 16;

const OPTIONS = [
  valueOption('per-device-train-batch-size', 'N', 'For how many batches hold both labels.', {
    ...IN_INPUT,
    default: String(DEFAULT_BATCH),
  }),
  valueOption('seed', 'N', 'For the order of rows, and for what is left out.', { ...IN_INPUT, default: '0' }),
  flagOption('subsample', 'Makes a version with fewer rows of the more frequent label; weights are set by options of train.', IN_INPUT),
  WHOLE,
  PROJECT,
  ...STORE_OPTIONS,
];

export const DATA_BALANCE: Command = { options: OPTIONS, operands: ONE_DATASET, run };

async function run({ given, operands }: Invocation, host: CliHost): Promise<number> {
  const isSubsample = given.get('subsample') === true;
  const seed = numberOf(given, 'seed', { least: 0, most: 2 ** 31, isWhole: true }) ?? 0;
  const batchSize = numberOf(given, 'per-device-train-batch-size', { least: 1, most: 4096, isWhole: true }) ?? DEFAULT_BATCH;
  return withStore({ given, host, access: isSubsample ? 'write' : 'read' }, async (store) => {
    const { dataset, version } = chosenVersion(store, given, operands);
    const split = chosenSplit(store, given, version);
    const part = { versionId: version.id, splitId: split?.id ?? null };
    const advice = balanceDataset(store, part);
    const mixing = mixDataset(store, { ...part, batchSize, shuffle: true, seed });
    const { screen, options } = showWork(host);
    const made = isSubsample ? await subsampleDataset(store, { ...part, seed }, options) : null;
    screen.clear();
    if (given.get('json') === true) {
      host.stdout.write(`${JSON.stringify({ advice, mixing, version: made })}\n`);
      return SUCCESS;
    }
    const { desirable, undesirable } = advice.counts;
    const sheet = factSheet(versionTitle(dataset, made ?? version), [
      ['Looked at', split === null ? 'all rows' : 'the rows to train on'],
      [
        'Labels',
        `${formatCount(desirable)} desirable, ${formatCount(undesirable)} undesirable${advice.isBalanced ? '; they are balanced' : ''}`,
      ],
      [
        'Mixed batches',
        `${formatCount(mixing.mixed)} of ${formatCount(mixing.batches)} hold both labels; ${formatCount(mixing.possible)} could`,
      ],
      mixing.reasons.length === 0 ? null : ['Why', mixing.reasons.join('\n')],
      ['Choices', advice.choices.map(choiceText).join('\n')],
      made === null ? null : ['Made', versionRows(dataset, made)],
    ]);
    host.stdout.write(sheet);
    return SUCCESS;
  });
}

function choiceText({ kind, desirableWeight, undesirableWeight, ratio, isAdvised, sentence }: BalanceChoice): string {
  const how = {
    leave: 'as it is',
    'raise-weight': weights(desirableWeight, undesirableWeight),
    'lower-weight': weights(desirableWeight, undesirableWeight),
    subsample: '--subsample',
  }[kind];
  return `${isAdvised ? 'advised: ' : ''}${how} (ratio ${ratio === null ? 'unknown' : ratio.toFixed(2)}). ${sentence}`;
}

/** As `prospect train` takes them. */
function weights(desirable: number, undesirable: number): string {
  return desirable === 1 ? `--undesirable-weight ${undesirable}` : `--desirable-weight ${desirable}`;
}
