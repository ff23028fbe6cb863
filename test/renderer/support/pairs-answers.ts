/** @file What main answers about pairs, duplicates, held-out prompts and weights, for tests of the Pairs step. */
import type { Dataset } from '#contract/datasets.ts';
import type { Balance, Conflict, MadeSplit, Survey } from '#contract/pairs.ts';
import type { ShownRow } from '#contract/rows.ts';
import { rowAt, VERSION } from './data-answers.ts';

export const EXAMPLES: Dataset = {
  id: 3,
  projectId: 1,
  name: 'ratings',
  kind: 'example',
  createdAt: 0,
  version: { ...VERSION, rowCount: 40, desirableCount: 30, undesirableCount: 10 },
};
export const PAIRS: Dataset = {
  ...EXAMPLES,
  id: 4,
  name: 'choices',
  kind: 'pair',
  version: { ...VERSION, id: 8, datasetId: 4, rowCount: 2, desirableCount: 0, undesirableCount: 0 },
};
export const pairAt = (index: number): ShownRow => ({
  ...rowAt(index),
  completion: `Better ${index + 1}`,
  rejected: `Worse ${index + 1}`,
  label: null,
});
export const CONFLICT: Conflict = {
  key: 77,
  first: { rows: 2, row: { ...rowAt(0), label: true } },
  second: { rows: 1, row: { ...rowAt(4), completion: 'Answer 1', label: false } },
  decision: null,
};
export const SURVEY: Survey = {
  rows: 40,
  kept: 34,
  counts: { mergedExact: 2, mergedNear: 1, emptyAnswer: 0, sameAnswers: 0, conflict: 0, pending: 3 },
  conflictCount: 1,
  conflicts: [CONFLICT],
  mostRepeated: [{ rows: 3, row: rowAt(7) }],
};
export const MADE: MadeSplit = {
  id: 12,
  train: { rows: 30, prompts: 28, desirable: 22, undesirable: 8 },
  heldOut: { rows: 8, prompts: 7, desirable: 6, undesirable: 2 },
  leftOut: { rows: 2, prompts: 2, desirable: 2, undesirable: 0 },
  nearIdenticalPrompts: 3,
  nearPrompts: [{ first: 'How are you?', second: 'how are you', similarity: 0.97 }],
  keptSides: true,
};
export const balanceAt = (undesirableWeight: number): Balance => ({
  counts: { desirable: 30, undesirable: 10 },
  isBalanced: false,
  choices: [
    {
      kind: 'leave',
      desirableWeight: 1,
      undesirableWeight: 1,
      counts: { desirable: 30, undesirable: 10 },
      ratio: 3,
      isAdvised: false,
      sentence: 'Nothing is changed.',
    },
    {
      kind: 'raise-weight',
      desirableWeight: 1,
      undesirableWeight: 3,
      counts: { desirable: 30, undesirable: 10 },
      ratio: 1,
      isAdvised: true,
      sentence: 'Each undesirable example counts three times.',
    },
    {
      kind: 'subsample',
      desirableWeight: 1,
      undesirableWeight: 1,
      counts: { desirable: 10, undesirable: 10 },
      ratio: 1,
      isAdvised: false,
      sentence: '20 desirable examples are left out.',
    },
  ],
  desirableWeight: 1,
  undesirableWeight,
  mixing: { batchSize: 4, batches: 10, mixed: 8, possible: 10, reasons: ['Two batches hold desirable examples only.'] },
});
