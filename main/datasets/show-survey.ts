/** @file What cleaning found, as a screen shows it: counts, and the rows that it is about. */
import type { CleaningChoices as ShownChoices, Conflict as ShownConflict, Survey } from '#contract/pairs.ts';
import type { ShownRow } from '#contract/rows.ts';
import type { CleaningChoices, CleaningReport, Conflict, ConflictSide } from '#engine/data/cleaning/cleaning-report.ts';
import { readRows } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { showRow } from './show-row.ts';

/** A person decides them one by one. */
export const SHOWN_CONFLICTS = 200;
const SHOWN_REPEATED = 5;

export function readChoices({ decisions, ...choices }: ShownChoices): CleaningChoices {
  return { ...choices, decisions: new Map(decisions.map(({ key, decision }) => [key, decision])) };
}

export function showSurvey(store: Store, versionId: number, report: CleaningReport): Survey {
  const { counts } = report;
  const rowAt = (index: number): ShownRow => shownRowAt(store, versionId, index);
  const showSide = ({ rows, firstIndices }: ConflictSide): ShownConflict['first'] => ({ rows, row: rowAt(firstIndices[0] ?? 0) });
  const showConflict = ({ key, first, second, decision }: Conflict): ShownConflict => ({
    key,
    first: showSide(first),
    second: showSide(second),
    decision,
  });
  return {
    rows: report.rows,
    kept: report.kept,
    counts: {
      mergedExact: counts['merged-exact'],
      mergedNear: counts['merged-near'],
      emptyAnswer: counts['empty-answer'],
      sameAnswers: counts['same-answers'] + counts['nearly-same-answers'],
      conflict: counts.conflict,
      pending: counts.pending,
    },
    conflictCount: report.conflictCount,
    conflicts: report.conflicts.map(showConflict),
    mostRepeated: report.mostRepeated.slice(0, SHOWN_REPEATED).map(({ index, rows }) => ({ rows, row: rowAt(index) })),
  };
}

export function shownRowAt(store: Store, versionId: number, index: number): ShownRow {
  const [row] = readRows(store, { versionId, from: index, count: 1 });
  if (!row) throw new RangeError(`There is no row ${index} in version ${versionId}.`);
  return showRow(row, index);
}
