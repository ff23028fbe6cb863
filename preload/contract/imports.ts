/**
 * @file From files to a dataset: what they are, how their columns become rows, and the import itself, which ends in a new version or leaves
 * nothing. An import that found bad rows waits for a decision; every window sees it waiting.
 */
import { z } from 'zod';
import { DatasetId, DatasetKind, DatasetName, Version } from './datasets.ts';
import { event, Nothing, request } from './define.ts';
import { FileReference } from './files.ts';
import { ProjectId } from './projects.ts';
import { ShownRow } from './rows.ts';
import { TaskId } from './tasks.ts';

/** How columns become rows (docs/data-formats.md); checked by main, which knows all shapes. */
export const Mapping = z.looseObject({ shape: z.string() }).catchall(z.json());
export type Mapping = z.infer<typeof Mapping>;

const Files = z.array(FileReference).min(1, 'Choose a file first.').max(10_000, 'These are too many files at once. Choose their folder.');

export const InspectedFile = z.object({
  name: z.string(),
  bytes: z.number(),
  /** In words, such as "CSV"; null if it can't be read. */
  format: z.string().nullable(),
  /** What a person should know, one sentence each; why it can't be read, too. */
  notes: z.array(z.string()),
});

export const InspectedColumn = z.object({
  /** As a mapping names it. */
  path: z.string(),
  /** What it holds, in words. */
  kind: z.string(),
  /** Of the records looked at, those that leave it empty. */
  missing: z.int(),
});

export const OfferedMapping = z.object({
  mapping: Mapping,
  /** The shape in words. */
  name: z.string(),
  /** What it does, in one sentence. */
  description: z.string(),
  /** Of the rows it gives; null if the file decides. */
  kind: DatasetKind.nullable(),
  /** 0 … 1; from 0.9 on it may be used without asking. */
  confidence: z.number(),
  reason: z.string(),
  warnings: z.array(z.string()),
});
export type OfferedMapping = z.infer<typeof OfferedMapping>;

export const Inspection = z.object({
  files: z.array(InspectedFile),
  /** Names of what else is in the folders. */
  skipped: z.array(z.string()),
  columns: z.array(InspectedColumn),
  /** Some records, with a short text for each of the columns. */
  sample: z.array(z.object({ row: z.int(), cells: z.array(z.string()) })),
  /** Best first; empty if nothing fits. */
  mappings: z.array(OfferedMapping),
  /** A name for the dataset that is not taken. */
  name: z.string(),
});
export type Inspection = z.infer<typeof Inspection>;

export const Preview = z.object({
  /** What the mapping does, in one sentence. */
  description: z.string(),
  /** Records that were tried. */
  records: z.int(),
  rows: z.array(ShownRow),
  faults: z.array(z.object({ row: z.int(), message: z.string() })),
  /** Answers that the mapping leaves out on purpose, with the reason. */
  leftOut: z.array(z.object({ row: z.int(), reason: z.string() })),
});
export type Preview = z.infer<typeof Preview>;

export const ImportTarget = z.union([
  z.object({ name: DatasetName }),
  z.object({ datasetId: DatasetId, rows: z.enum(['append', 'replace']) }),
]);
export type ImportTarget = z.infer<typeof ImportTarget>;

export const Imported = z.object({
  version: Version,
  rows: z.int(),
  fixedRows: z.int(),
  skippedRows: z.int(),
  /** Left out as the mapping says, by reason. */
  leftOut: z.array(z.object({ reason: z.string(), count: z.int() })),
  notes: z.array(z.string()),
});
export type Imported = z.infer<typeof Imported>;

export const BadRow = z.object({
  fileIndex: z.int(),
  file: z.string(),
  /** 1-based: the line of a JSON Lines file, else the position of the record (a header does not count). */
  row: z.int(),
  /** 1-based; null in a format without lines. */
  line: z.int().nullable(),
  column: z.string().nullable(),
  expected: z.string(),
  found: z.string(),
  /** One sentence with all of it, and what to do. */
  message: z.string(),
  /** The record as JSON, for repair; null if it can't be repaired here. */
  text: z.string().nullable(),
});
export type BadRow = z.infer<typeof BadRow>;

export const BadRows = z.object({
  /** All of them. */
  count: z.int(),
  /** The first ones. */
  listed: z.array(BadRow),
  /** Good rows that wait with them. */
  goodRows: z.int(),
});
export type BadRows = z.infer<typeof BadRows>;

export const WaitingImport = z.object({ task: TaskId, files: z.array(z.string()), badRows: z.int() });
export type WaitingImport = z.infer<typeof WaitingImport>;

/** A repaired record in the place of a bad one. */
const RowFix = z.object({ fileIndex: z.int().nonnegative(), row: z.int().positive(), text: z.string().max(2_000_000) });

export const BadRowDecision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('skip') }),
  z.object({ kind: z.literal('fix'), fixes: z.array(RowFix).min(1).max(1000) }),
]);
export type BadRowDecision = z.infer<typeof BadRowDecision>;

export const importsRequests = {
  'imports.inspect': request(z.object({ projectId: ProjectId, files: Files }), Inspection),
  'imports.preview': request(z.object({ files: Files, mapping: Mapping }), Preview),
  /** Answered when it has ended. Files whose content the project has already are refused (`store`, with `versionId`) unless `again` is set. */
  'imports.start': request(
    z.object({ task: TaskId, projectId: ProjectId, files: Files, mapping: Mapping, into: ImportTarget, again: z.boolean() }),
    Imported,
  ),
  'imports.listWaiting': request(z.object({ projectId: ProjectId }), z.array(WaitingImport)),
  'imports.readBadRows': request(z.object({ task: TaskId }), BadRows),
  /** Fixes are tried at once: what is wrong with the rows that are still bad is asked for anew. To import nothing, cancel the task. */
  'imports.decide': request(z.object({ task: TaskId, decision: BadRowDecision }), Nothing),
  /** All that are listed, as a CSV text. */
  'imports.writeBadRows': request(z.object({ task: TaskId }), z.object({ fileName: z.string(), csv: z.string() })),
};

export const importsEvents = {
  /** One begins to wait, waits with other rows, or goes on. */
  'imports.waitingChanged': event(z.object({ projectId: ProjectId })),
};
