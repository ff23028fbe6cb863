/** @file The commands about datasets. */
import type { CommandEntry } from '#cli/command.ts';

const NAMES = 'A dataset is named as the window names it; NAME@2 is its version 2. Where there is one only, its name may be left out.';

export const DATA_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'data import',
    summary: 'Imports files into a project, all or nothing, and says which rows are wrong and why.',
    usage: ['data import FILE... [options]'],
    about: [
      'Reads JSON Lines, JSON, CSV, TSV and Parquet by content, the text formats also packed with gzip, and folders of them. ' +
        'A mapping of the columns is proposed and used if it is sure; --look shows it.',
    ],
    examples: [
      ['What is in it', 'data import reviews.csv --look'],
      ['Answers marked good or bad', 'data import reviews.jsonl --project Reviewer'],
      ['Stars as labels', 'data import stars.csv --desirable-from 4 --undesirable-to 2'],
      ['Repair bad rows in a spreadsheet', 'data import reviews.csv --bad-rows bad.csv'],
      ['… and put them in their places', 'data import reviews.csv --repaired bad.csv --skip-bad-rows'],
    ],
    load: async () => (await import('./import-command.ts')).DATA_IMPORT,
  },
  {
    name: 'data list',
    summary: 'Lists the datasets of a project.',
    usage: ['data list [--project NAME]'],
    about: [],
    examples: [['All of them', 'data list --project Reviewer']],
    load: async () => (await import('./list-command.ts')).DATA_LIST,
  },
  {
    name: 'data show',
    summary: 'Shows a dataset: its versions and some of its rows.',
    usage: ['data show [NAME[@VERSION]] [options]'],
    about: [NAMES],
    examples: [
      ['The first rows', 'data show reviews'],
      ['Others, of an earlier version', 'data show reviews@1 --from 100 --rows 20'],
    ],
    load: async () => (await import('./show-command.ts')).DATA_SHOW,
  },
  {
    name: 'data unpair',
    summary: 'Makes a dataset of examples out of one of pairs, cleaned of duplicates and conflicts.',
    usage: ['data unpair [NAME[@VERSION]] [options]'],
    about: [NAMES],
    examples: [
      ['Two examples a pair', 'data unpair comparisons --name reviews'],
      ['As they are', 'data unpair comparisons --no-clean'],
    ],
    load: async () => (await import('./unpair-command.ts')).DATA_UNPAIR,
  },
  {
    name: 'data clean',
    summary: 'Merges duplicates, and leaves out conflicts and empty answers, in a new version.',
    usage: ['data clean [NAME[@VERSION]] [options]'],
    about: [NAMES],
    examples: [
      ['What would be done', 'data clean reviews --look'],
      ['The label that most rows have', 'data clean reviews --conflicts majority'],
    ],
    load: async () => (await import('./clean-command.ts')).DATA_CLEAN,
  },
  {
    name: 'data split',
    summary: 'Holds out prompts for evaluation; equal and nearly equal prompts stay together.',
    usage: ['data split [NAME[@VERSION]] [options]'],
    about: [NAMES, 'Prompts that an earlier version has keep their sides.'],
    examples: [['A tenth of the prompts', 'data split reviews --eval-ratio 0.1 --seed 7']],
    load: async () => (await import('./split-command.ts')).DATA_SPLIT,
  },
  {
    name: 'data balance',
    summary: 'Says what can be done about unequal numbers of labels, with the weights worked out.',
    usage: ['data balance [NAME[@VERSION]] [options]'],
    about: [NAMES],
    examples: [
      ['Which weights', 'data balance reviews'],
      ['Fewer rows instead', 'data balance reviews --subsample'],
    ],
    load: async () => (await import('./balance-command.ts')).DATA_BALANCE,
  },
  {
    name: 'data report',
    summary: 'Says what a dataset is made of: labels, lengths, scripts, repeated prompts.',
    usage: ['data report [NAME[@VERSION]] [options]'],
    about: [NAMES],
    examples: [
      ['In characters', 'data report reviews'],
      ['In tokens of a model', 'data report reviews --model models/TinyLlama-1.1B-Chat --max-length 512'],
    ],
    load: async () => (await import('./report-command.ts')).DATA_REPORT,
  },
  {
    name: 'data export',
    summary: 'Writes a dataset as JSON Lines, CSV or Parquet in the column names of TRL.',
    usage: ['data export [NAME[@VERSION]] --out FILE [options]'],
    about: [NAMES],
    examples: [
      ['For TRL', 'data export reviews --out reviews.parquet'],
      ['What is trained on', 'data export reviews --out train.jsonl --part train'],
    ],
    load: async () => (await import('./export-command.ts')).DATA_EXPORT,
  },
];
