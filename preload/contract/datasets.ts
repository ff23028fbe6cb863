/** @file Datasets of a project: their versions, their rows, and edits, each of which makes the next version. */
import { z } from 'zod';
import { event, Nothing, request } from './define.ts';
import { AbsolutePath } from './files.ts';
import { ProjectId } from './projects.ts';
import { RowEdit, ShownRow, WholeRow } from './rows.ts';
import { TaskId } from './tasks.ts';

export const DatasetId = z.int().positive();
export const VersionId = z.int().positive();

export const DatasetKind = z.enum(['example', 'pair']);
export type DatasetKind = z.infer<typeof DatasetKind>;

export const DatasetName = z
  .string()
  .trim()
  .min(1, 'A dataset needs a name.')
  .max(120, 'A name has at most 120 characters.')
  .regex(/^[^\p{Cc}]*$/u, 'A name is one line.');

/** Never changes: what is trained on stays what it was. */
export const Version = z.object({
  id: VersionId,
  datasetId: DatasetId,
  /** 1, 2, 3 … in the dataset. */
  number: z.int(),
  rowCount: z.int(),
  /** Of examples; 0 for pairs. */
  desirableCount: z.int(),
  undesirableCount: z.int(),
  createdAt: z.number(),
  /** What made it: a sentence. */
  origin: z.string(),
});
export type Version = z.infer<typeof Version>;

export const Dataset = z.object({
  id: DatasetId,
  projectId: ProjectId,
  name: z.string(),
  kind: DatasetKind,
  createdAt: z.number(),
  /** The newest. */
  version: Version,
});
export type Dataset = z.infer<typeof Dataset>;

/** What was written, in TRL's names of columns. */
export const Exported = z.object({ path: z.string(), rows: z.int(), columns: z.array(z.string()) });
export type Exported = z.infer<typeof Exported>;

/** More than a window shows at once. */
const MOST_ROWS = 500;
const MOST_EDITS = 10_000;

export const datasetsRequests = {
  /** Those that have rows, in the order they were made. */
  'datasets.list': request(z.object({ projectId: ProjectId }), z.array(Dataset)),
  /** Newest first. */
  'datasets.listVersions': request(z.object({ datasetId: DatasetId }), z.array(Version)),
  /** Fewer at the end. */
  'datasets.readRows': request(
    z.object({ versionId: VersionId, from: z.int().nonnegative(), count: z.int().positive().max(MOST_ROWS) }),
    z.object({ rows: z.array(ShownRow) }),
  ),
  'datasets.readRow': request(z.object({ versionId: VersionId, index: z.int().nonnegative() }), WholeRow),
  /** All or none; the version must be the dataset's newest. */
  'datasets.edit': request(z.object({ versionId: VersionId, edits: z.array(RowEdit).min(1).max(MOST_EDITS) }), Version),
  /**
   * As JSON Lines, CSV or Parquet, which the ending of the name says. A file of that name is replaced only if `replace` says so, and once the
   * new one is whole; otherwise it fails with `output-busy`.
   */
  'datasets.export': request(z.object({ task: TaskId, versionId: VersionId, path: AbsolutePath, replace: z.boolean() }), Exported),
  'datasets.rename': request(z.object({ datasetId: DatasetId, name: DatasetName }), Nothing),
  /** Runs on it keep their results. */
  'datasets.delete': request(z.object({ datasetId: DatasetId }), Nothing),
};

export const datasetsEvents = {
  'datasets.changed': event(z.object({ projectId: ProjectId })),
};
