/** @file `prospect data report`: what a dataset is made of, in numbers. */
import type { RowTokens } from '#engine/data/quality/fit-row.ts';
import type { Row } from '#engine/data/row.ts';
import type { LengthSummary } from '#engine/data/quality/length-tally.ts';
import type { TokenLengths } from '#engine/data/quality/quality-report.ts';
import type { ScriptShare } from '#engine/data/quality/script-tally.ts';
import { reportDataset, type DatasetReport } from '#datasets/report-dataset.ts';
import type { Command, Invocation } from '#cli/command.ts';
import { INPUT_GROUP } from '#cli/common-options.ts';
import { SUCCESS } from '#cli/exit-codes.ts';
import { factSheet, type Fact } from '#cli/fact-sheet.ts';
import { formatCount } from '#cli/format-quantity.ts';
import type { CliHost } from '#cli/host.ts';
import { textOf, valueOption } from '#cli/option-spec.ts';
import { chosenSplit, chosenVersion, ONE_DATASET } from './chosen-version.ts';
import { versionTitle } from './describe-version.ts';
import { numberOf, wordOf } from './number-option.ts';
import { shortText } from './short-text.ts';
import { showWork } from './show-work.ts';
import { PROJECT, STORE_OPTIONS, withStore } from './store-options.ts';

const IN_INPUT = { group: INPUT_GROUP };
const DEFAULT_LENGTH = 1024;
const SHOWN = 5;

const OPTIONS = [
  valueOption('model', 'DIR', 'Counts lengths in tokens of this model, with its chat template.', IN_INPUT),
  valueOption('max-length', 'N', 'Tokens a row may have: which are cut or dropped.', { ...IN_INPUT, default: String(DEFAULT_LENGTH) }),
  valueOption('truncation-mode', 'keep_start|keep_end', 'Which end of a longer row stays.', { ...IN_INPUT, default: 'keep_start' }),
  valueOption('part', 'train|held-out', 'Looks at one part of the newest split, and whether its sides repeat each other.', IN_INPUT),
  PROJECT,
  ...STORE_OPTIONS,
];

export const DATA_REPORT: Command = { options: OPTIONS, operands: ONE_DATASET, run };

async function run({ given, operands }: Invocation, host: CliHost): Promise<number> {
  const modelDir = textOf(given, 'model');
  const maxLength = numberOf(given, 'max-length', { least: 1, most: 2 ** 20, isWhole: true }) ?? DEFAULT_LENGTH;
  const truncationMode = wordOf(given, 'truncation-mode', ['keep_start', 'keep_end']) ?? 'keep_start';
  const part = wordOf(given, 'part', ['train', 'held-out']);
  const countTokens = modelDir === undefined ? null : await counterOf(modelDir);
  return withStore({ given, host, access: 'read' }, async (store) => {
    const { dataset, version } = chosenVersion(store, given, operands);
    const split = part === undefined ? null : chosenSplit(store, given, version);
    const { screen, options } = showWork(host);
    const report = await reportDataset(
      store,
      {
        versionId: version.id,
        split: split === null || part === undefined ? null : { splitId: split.id, part },
        maxLength,
        truncationMode,
        ...(countTokens ? { countTokens } : {}),
      },
      options,
    );
    screen.clear();
    const text = given.get('json') === true ? `${JSON.stringify(report)}\n` : factSheet(versionTitle(dataset, version), facts(report));
    host.stdout.write(text);
    return SUCCESS;
  });
}

/** Loaded only when it is needed, with the tokenizers behind it. */
async function counterOf(modelDir: string): Promise<(row: Row) => RowTokens | null> {
  const { createRowTokenCounter } = await import('#jobs/row-token-counter.ts');
  return createRowTokenCounter(modelDir, new Date());
}

function facts(report: DatasetReport): readonly (Fact | null)[] {
  const { rows, examples, labels, distinctPrompts, characters, tokens, scripts, repeatedPrompts, distinctN, leaks } = report;
  const share = labels.share === null ? '' : ` (${Math.round(labels.share * 100)} % desirable)`;
  return [
    ['Rows', `${formatCount(rows)} of ${formatCount(distinctPrompts)} prompts`],
    examples === 0
      ? null
      : ['Labels', `${formatCount(labels.desirable)} desirable, ${formatCount(labels.undesirable)} undesirable${share}`],
    ...(tokens === null
      ? ([
          ['Prompts', lengthText(characters.prompt, 'characters')],
          ['Answers', lengthText(characters.answer, 'characters')],
        ] as const)
      : tokenFacts(tokens)),
    ['Scripts', `prompts ${scriptText(scripts.prompts)}; answers ${scriptText(scripts.answers)}`],
    ['Variety', distinctN.all.map(({ n, ratio }) => `${Math.round(ratio * 100)} % of ${n}-grams are different`).join(', ')],
    repeatedPrompts.length === 0
      ? null
      : [
          'Repeated prompts',
          repeatedPrompts
            .slice(0, SHOWN)
            .map(({ text, rows: count }) => `${formatCount(count)} × ${shortText(text)}`)
            .join('\n'),
        ],
    leaks === null
      ? null
      : [
          'Held out',
          `${formatCount(leaks.prompts.near)} prompts and ${formatCount(leaks.answers.near)} answers are nearly those of rows to train on`,
        ],
  ];
}

function tokenFacts({ prompt, answer, sequence, answerByLabel, cut, dropped, uncounted, longest }: TokenLengths): readonly (Fact | null)[] {
  return [
    ['Prompts', lengthText(prompt, 'tokens')],
    ['Answers', lengthText(answer, 'tokens')],
    ['Desirable answers', lengthText(answerByLabel.desirable, 'tokens')],
    ['Undesirable answers', lengthText(answerByLabel.undesirable, 'tokens')],
    ['Together', lengthText(sequence, 'tokens')],
    ['Cut', `${formatCount(cut.rows)} rows lose ${formatCount(cut.lostAnswerTokens)} answer tokens${rowList(cut.first)}`],
    ['Dropped', `${formatCount(dropped.rows)} rows${rowList(dropped.first)}`],
    uncounted.rows === 0 ? null : ['Not counted', `${formatCount(uncounted.rows)} rows can not be tokenised${rowList(uncounted.first)}`],
    [
      'Longest',
      longest
        .slice(0, SHOWN)
        .map(({ row, tokens: count }) => `row ${row}: ${formatCount(count)} tokens`)
        .join(', '),
    ],
  ];
}

function rowList(rows: readonly { readonly row: number }[]): string {
  return rows.length === 0 ? '' : ` (row ${rows.map(({ row }) => row).join(', ')})`;
}

function lengthText({ count, mean, p5, p50, p95, max }: LengthSummary, unit: string): string {
  if (count === 0) return 'none';
  return `${formatCount(Math.round(mean))} ${unit} on average; 5 % up to ${formatCount(p5)}, half up to ${formatCount(p50)}, 95 % up to ${formatCount(p95)}, the longest ${formatCount(max)}`;
}

function scriptText(scripts: readonly ScriptShare[]): string {
  return (
    scripts
      .slice(0, SHOWN)
      .map(({ script, share }) => `${script} ${Math.round(share * 100)} %`)
      .join(', ') || 'none'
  );
}
