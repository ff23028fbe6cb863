/** @file What main answers about a file, its import and its rows, for tests of the Data step. */
import type { Dataset, Version } from '#contract/datasets.ts';
import type { BadRows, Imported, Inspection, Preview } from '#contract/imports.ts';
import type { ShownRow } from '#contract/rows.ts';

export const VERSION: Version = {
  id: 5,
  datasetId: 3,
  number: 1,
  rowCount: 1_000_000,
  desirableCount: 600_000,
  undesirableCount: 400_000,
  createdAt: 0,
  origin: 'Imported from ratings.csv.',
};
export const DATASET: Dataset = { id: 3, projectId: 1, name: 'ratings', kind: 'example', createdAt: 0, version: VERSION };
export const INSPECTION: Inspection = {
  files: [{ name: 'ratings.csv', bytes: 2048, format: 'CSV', notes: ['Its name says otherwise.'] }],
  skipped: ['readme.md'],
  columns: [
    { path: 'question', kind: 'text', missing: 0 },
    { path: 'answer', kind: 'text', missing: 1 },
    { path: 'thumbs', kind: 'text', missing: 0 },
  ],
  sample: [{ row: 1, cells: ['Hi', 'Hello!', 'up'] }],
  mappings: [
    {
      mapping: { shape: 'example', prompt: 'question', completion: 'answer', label: { column: 'thumbs', reading: { kind: 'boolean' } } },
      name: 'answers with a label',
      description: '`question` is the prompt.',
      kind: 'example',
      confidence: 0.95,
      reason: 'Names.',
      warnings: ['Look at `thumbs`.'],
    },
    {
      mapping: { shape: 'pair', chosen: 'question', rejected: 'answer' },
      name: 'pairs',
      description: 'Pairs.',
      kind: 'pair',
      confidence: 0.4,
      reason: '',
      warnings: [],
    },
  ],
  name: 'ratings',
};
export const rowAt = (index: number): ShownRow => ({
  id: 1000 + index,
  index,
  form: 'text',
  prompt: `Question ${index + 1}`,
  completion: `Answer ${index + 1}`,
  rejected: null,
  label: index % 2 === 0,
  cut: false,
});
export const PREVIEW: Preview = {
  description: '`question` is the prompt.',
  records: 50,
  rows: [rowAt(0)],
  faults: [{ row: 7, message: 'Row 7 has no `answer`.' }],
  leftOut: [{ row: 2, reason: 'it has no rating' }],
};
export const IMPORTED: Imported = {
  version: VERSION,
  rows: 9,
  fixedRows: 1,
  skippedRows: 2,
  leftOut: [{ reason: 'it has no rating', count: 3 }],
  notes: [],
};
export const BAD_ROWS: BadRows = {
  count: 2,
  goodRows: 7,
  listed: [
    {
      fileIndex: 0,
      file: 'ratings.csv',
      row: 7,
      line: 8,
      column: 'answer',
      expected: 'a text',
      found: '""',
      message: 'Row 7 has no `answer`.',
      text: '{"question":"Hi","answer":"","stars":4}',
    },
    {
      fileIndex: 0,
      file: 'ratings.csv',
      row: 9,
      line: 10,
      column: null,
      expected: 'a record',
      found: '"',
      message: 'Row 9 is broken.',
      text: null,
    },
  ],
};
