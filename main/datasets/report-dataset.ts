/** @file What a dataset is made of, in numbers, and whether its held-out rows repeat what is trained on. */
import type { LengthLimit } from '#engine/data/quality/fit-row.ts';
import { LeakCheck, type LeakReport } from '#engine/data/quality/leak-check.ts';
import type { QualityReport } from '#engine/data/quality/quality-report.ts';
import { QualitySurvey, type QualityOptions } from '#engine/data/quality/quality-survey.ts';
import { readSides, type SplitPart } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { walkRows } from './walk-rows.ts';
import type { WorkOptions } from './work-progress.ts';

export interface ReportRequest extends LengthLimit {
  readonly versionId: number;
  /** Report on one part of a split only, and compare its sides. */
  readonly split?: { readonly splitId: number; readonly part: SplitPart } | null;
  /** With the model's tokenizer and template; null for a row that can't be tokenised. Without it there are no tokens in the report. */
  readonly countTokens?: QualityOptions['countTokens'];
}

export interface DatasetReport extends QualityReport {
  /** Of the first rows of both sides; null without a split. */
  readonly leaks: LeakReport | null;
}

export type ReportStage = 'reading rows' | 'comparing sides';

/**
 * @throws {StoreError} `not-found`
 * @throws {CancelledError}
 */
export async function reportDataset(store: Store, request: ReportRequest, options: WorkOptions<ReportStage> = {}): Promise<DatasetReport> {
  const { versionId, split = null, countTokens, maxLength, truncationMode } = request;
  const survey = new QualitySurvey({ maxLength, truncationMode, ...(countTokens ? { countTokens } : {}) });
  const partOf = split === null ? null : readSides(store, split.splitId).partOf;
  for await (const batch of walkRows(store, versionId, { stage: 'reading rows', options })) {
    for (const { row, index } of batch) if (partOf === null || partOf(index) === split?.part) survey.add(row);
  }
  const leaks = partOf === null ? null : await compareSides(store, { versionId, partOf }, options);
  return { ...survey.report(), leaks };
}

/** Two passes, since all training rows come first. */
async function compareSides(
  store: Store,
  { versionId, partOf }: { readonly versionId: number; readonly partOf: (index: number) => SplitPart },
  options: WorkOptions<ReportStage>,
): Promise<LeakReport> {
  const check = new LeakCheck();
  for (const part of ['train', 'held-out'] as const) {
    for await (const batch of walkRows(store, versionId, { stage: 'comparing sides', options })) {
      for (const { row, index } of batch) {
        if (partOf(index) !== part) continue;
        if (part === 'train') check.addTrain(row);
        else check.addEvaluation(row);
      }
    }
  }
  return check.result();
}
