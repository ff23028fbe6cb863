/** @file What a dataset is made of, with its longest rows, as a screen shows it. */
import type { Report } from '#contract/pairs.ts';
import type { Store } from '#store/store.ts';
import { reportDataset } from './report-dataset.ts';
import { showReport, type LongRow } from './show-report.ts';
import { walkRows } from './walk-rows.ts';
import type { WorkOptions } from './work-progress.ts';

export interface ReportOfRequest {
  readonly versionId: number;
  /** Compares its sides. */
  readonly splitId: number | null;
}

/** Lengths in tokens are measured where a model is chosen. */
const NO_LIMIT = { maxLength: null, truncationMode: 'keep_start' } as const;
const LONGEST = 5;

/** @throws {StoreError} `not-found` @throws {CancelledError} */
export async function reportOf(store: Store, { versionId, splitId }: ReportOfRequest, options: WorkOptions): Promise<Report> {
  const report = await reportDataset(store, { versionId, ...NO_LIMIT }, options);
  const sides =
    splitId === null ? null : await reportDataset(store, { versionId, ...NO_LIMIT, split: { splitId, part: 'held-out' } }, options);
  return showReport(store, versionId, { ...report, leaks: sides?.leaks ?? null, longest: await longestRows(store, versionId, options) });
}

async function longestRows(store: Store, versionId: number, options: WorkOptions): Promise<readonly LongRow[]> {
  const longest: LongRow[] = [];
  for await (const batch of walkRows(store, versionId, { stage: 'longest rows', options })) {
    for (const { stored, index } of batch) {
      const characters = stored.prompt.length + stored.completion.length + (stored.rejected?.length ?? 0);
      if (longest.length === LONGEST && characters <= (longest.at(-1)?.characters ?? 0)) continue;
      longest.push({ index, characters });
      longest.sort((a, b) => b.characters - a.characters || a.index - b.index);
      longest.length = Math.min(longest.length, LONGEST);
    }
  }
  return longest;
}
