/** @file `prospect data split`: which rows are held out, by prompt. */
import type { SideSize } from '#engine/data/split/split-plan.ts';
import { splitDataset } from '#datasets/split-dataset.ts';
import type { Command, Invocation } from '#cli/command.ts';
import { INPUT_GROUP } from '#cli/common-options.ts';
import { SUCCESS } from '#cli/exit-codes.ts';
import { factSheet } from '#cli/fact-sheet.ts';
import { formatCount } from '#cli/format-quantity.ts';
import type { CliHost } from '#cli/host.ts';
import { flagOption, valueOption, type GivenOptions } from '#cli/option-spec.ts';
import { chosenVersion, ONE_DATASET } from './chosen-version.ts';
import { versionTitle } from './describe-version.ts';
import { numberOf } from './number-option.ts';
import { showWork } from './show-work.ts';
import { PROJECT, STORE_OPTIONS, withStore } from './store-options.ts';

const IN_INPUT = { group: INPUT_GROUP };
const WHOLE_NUMBER = { least: 0, most: 2 ** 31, isWhole: true };
const DEFAULT_RATIO = 0.1;

const OPTIONS = [
  valueOption('eval-ratio', 'SHARE', 'Share of the prompts to hold out, 0 to below 1.', { ...IN_INPUT, default: String(DEFAULT_RATIO) }),
  valueOption('eval-prompts', 'N', 'Number of prompts to hold out, instead of a share.', IN_INPUT),
  valueOption('seed', 'N', 'Which prompts are held out follows from it and the prompts alone.', { ...IN_INPUT, default: '0' }),
  flagOption('afresh', 'Does not keep the sides that an earlier version gave to its prompts.', IN_INPUT),
  PROJECT,
  ...STORE_OPTIONS,
];

export const DATA_SPLIT: Command = { options: OPTIONS, operands: ONE_DATASET, run };

async function run({ given, operands }: Invocation, host: CliHost): Promise<number> {
  const evaluation = sizeOf(given);
  const seed = numberOf(given, 'seed', WHOLE_NUMBER) ?? 0;
  return withStore({ given, host, access: 'write' }, async (store) => {
    const { dataset, version } = chosenVersion(store, given, operands);
    const { screen, options } = showWork(host);
    const request = { versionId: version.id, seed, evaluation, keepSides: given.get('afresh') !== true };
    const { split, plan, basedOn } = await splitDataset(store, request, options);
    screen.clear();
    const sheet = factSheet(versionTitle(dataset, version), [
      ['Train', sideText(plan.train)],
      ['Held out', sideText(plan.evaluation)],
      plan.leftOut.rows === 0 ? null : ['Neither', `${sideText(plan.leftOut)}: their prompts are nearly those of both sides`],
      ['Nearly the same', `${formatCount(plan.nearIdenticalPrompts)} prompts, kept together`],
      basedOn === null ? null : ['Kept', 'the sides that earlier rows had'],
    ]);
    host.stdout.write(given.get('json') === true ? `${JSON.stringify({ split, plan, basedOn })}\n` : sheet);
    return SUCCESS;
  });
}

function sizeOf(given: GivenOptions): { readonly prompts: number } | { readonly ratio: number } {
  const prompts = numberOf(given, 'eval-prompts', WHOLE_NUMBER);
  if (prompts !== undefined) return { prompts };
  return { ratio: numberOf(given, 'eval-ratio', { least: 0, most: 1, isWhole: false }) ?? DEFAULT_RATIO };
}

function sideText({ rows, prompts, desirable, undesirable }: SideSize): string {
  const labels = desirable + undesirable === 0 ? '' : `: ${formatCount(desirable)} desirable, ${formatCount(undesirable)} undesirable`;
  return `${formatCount(rows)} rows of ${formatCount(prompts)} prompts${labels}`;
}
