/** @file Finds duplicates, conflicts and empty answers in a dataset, and makes a version without them. */
import { SettingsError } from '#contract/errors.ts';
import type { CleaningChoices, CleaningReport } from '#engine/data/cleaning/cleaning-report.ts';
import { CleaningSurvey } from '#engine/data/cleaning/cleaning-survey.ts';
import { requireVersion, type DatasetVersion } from '#store/datasets.ts';
import type { JsonObject } from '#store/json-column.ts';
import type { Store } from '#store/store.ts';
import { keepRows } from './keep-rows.ts';
import { walkRows } from './walk-rows.ts';
import type { WorkOptions } from './work-progress.ts';

/**
 * Looks at every row once; the survey gives a report for any choices at once, as often as wanted. It holds 18 bytes a row, and stays
 * right as long as it is used with the same version.
 * @throws {StoreError} `not-found`
 * @throws {CancelledError}
 */
export async function surveyDataset(store: Store, versionId: number, options: WorkOptions<'comparing'> = {}): Promise<CleaningSurvey> {
  const survey = new CleaningSurvey();
  for await (const batch of walkRows(store, versionId, { stage: 'comparing', options })) for (const { row } of batch) survey.add(row);
  return survey;
}

export interface CleanRequest {
  readonly versionId: number;
  /** Of a survey of that version, with the choices that follow. */
  readonly report: CleaningReport;
  readonly choices: CleaningChoices;
}

/**
 * The next version of the dataset, without the rows that the report does not keep; conflicts that nobody decided are left out of it, too.
 * @returns null if all rows are kept
 * @throws {SettingsError} if no row would be left
 * @throws {StoreError} `conflict` if the dataset was changed meanwhile
 * @throws {CancelledError}
 */
export async function cleanDataset(
  store: Store,
  { versionId, report, choices }: CleanRequest,
  options: WorkOptions<'writing'> = {},
): Promise<DatasetVersion | null> {
  const { rowCount } = requireVersion(store, versionId);
  if (report.rows !== rowCount)
    throw new SettingsError('The report is about another version. Look at the dataset again.', { field: 'report' });
  if (report.kept === rowCount) return null;
  if (report.kept === 0) {
    throw new SettingsError('With these choices no row would be left. Keep duplicates or decide conflicts otherwise.', {
      field: 'conflicts',
    });
  }
  const { decisions, ...plain } = choices;
  const origin: JsonObject = { kind: 'clean', from: versionId, choices: plain, decided: decisions?.size ?? 0, counts: report.counts };
  return keepRows(store, { versionId, isKept: (index) => report.verdicts.isKept(index), removed: rowCount - report.kept, origin }, options);
}
