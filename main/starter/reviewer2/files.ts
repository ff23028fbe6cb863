/** @file The files of resources/reviewer2, as text: made anew from the seed, they are the same bytes on every machine. */
import { jsonLines } from '#starter/json-lines.ts';
import { reviewer2DataSet } from './data-set.ts';
import { reviewer2Figures } from './figures.ts';
import { REVIEWER2_SEED } from './pairs.ts';
import { reviewer2Readme } from './readme.ts';

/** The file that a person imports. */
export const REVIEWER2_TRAIN_FILE = 'reviewer2-1k-paired.jsonl';

/** Content by file name. */
export function reviewer2Files(seed: number = REVIEWER2_SEED): ReadonlyMap<string, string> {
  const dataSet = reviewer2DataSet(seed);
  const text = (rows: Iterable<object>) => [...jsonLines(rows)].join('');
  return new Map([
    [REVIEWER2_TRAIN_FILE, text(dataSet.trainPairs)],
    ['reviewer2-eval-paired.jsonl', text(dataSet.evalPairs)],
    ['reviewer2-train-unpaired.jsonl', text(dataSet.trainExamples)],
    ['reviewer2-eval-unpaired.jsonl', text(dataSet.evalExamples)],
    ['README.md', reviewer2Readme(reviewer2Figures(dataSet), seed)],
  ]);
}
