/** @file A version of a dataset as a screen shows it. */
import type { Version } from '#contract/datasets.ts';
import type { DatasetVersion } from '#store/datasets.ts';
import { describeOrigin } from './describe-origin.ts';

export function showVersion({
  id,
  datasetId,
  number,
  rowCount,
  desirableCount,
  undesirableCount,
  createdAt,
  origin,
}: DatasetVersion): Version {
  return { id, datasetId, number, rowCount, desirableCount, undesirableCount, createdAt, origin: describeOrigin(origin) };
}
