/** @file What an import found, kept with the version it made. */
import { z } from 'zod';
import type { LeftOutReason } from '#engine/data/shapes/record-reading.ts';
import type { DatasetVersion } from '#store/datasets.ts';
import type { JsonObject } from '#store/json-column.ts';
import type { BadRow } from './bad-row.ts';

export interface ImportReport {
  /** Rows that were imported, repaired ones included. */
  readonly rows: number;
  readonly fixedRows: number;
  /** Bad rows that were left out. */
  readonly skippedRows: number;
  /** The first of them; see also saveBadRows. */
  readonly firstSkipped: readonly Omit<BadRow, 'text'>[];
  /** Answers left out because the mapping says so, by reason. */
  readonly leftOut: Readonly<Partial<Record<LeftOutReason, number>>>;
  /** About the files as wholes, one sentence each. */
  readonly notes: readonly string[];
}

const KEPT = 100;

const Stored = z.object({
  rows: z.number(),
  fixedRows: z.number(),
  skippedRows: z.number(),
  firstSkipped: z.array(
    z.object({
      fileIndex: z.number(),
      file: z.string(),
      row: z.number(),
      line: z.number().nullable(),
      column: z.string().nullable(),
      character: z.number().nullable(),
      expected: z.string(),
      found: z.string(),
      message: z.string(),
    }),
  ),
  leftOut: z.record(z.string(), z.number()),
  notes: z.array(z.string()),
});

/** As the version's `report` column holds it. */
export function writeImportReport({ firstSkipped, leftOut, notes, ...counts }: ImportReport): JsonObject {
  const first = firstSkipped.slice(0, KEPT).map(({ fileIndex, file, row, line, column, character, expected, found, message }) => {
    return { fileIndex, file, row, line, column, character, expected, found, message };
  });
  return { ...counts, firstSkipped: first, leftOut: { ...leftOut }, notes: [...notes] };
}

/** Null for a version that was not imported. */
export function readImportReport({ report }: Pick<DatasetVersion, 'report'>): ImportReport | null {
  const parsed = Stored.safeParse(report);
  return parsed.success ? parsed.data : null;
}
