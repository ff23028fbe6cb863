/** @file What an import gave, as a screen shows it. */
import type { Imported } from '#contract/imports.ts';
import { LEFT_OUT_REASONS, type LeftOutReason } from '#engine/data/shapes/record-reading.ts';
import { showVersion } from './show-version.ts';
import type { ImportOutcome } from './staged-import.ts';

export function showImported({ version, report }: ImportOutcome): Imported {
  const { rows, fixedRows, skippedRows, leftOut, notes } = report;
  const reasons = Object.entries(leftOut) as readonly [LeftOutReason, number][];
  return {
    version: showVersion(version),
    rows,
    fixedRows,
    skippedRows,
    leftOut: reasons.map(([reason, count]) => ({ reason: LEFT_OUT_REASONS[reason], count })),
    notes: [...notes],
  };
}
