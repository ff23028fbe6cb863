/** @file Counts the rows of every block of positions anew, version by version, as row_blocks keeps them. */
import { BLOCK_POSITIONS } from '#store/row-blocks.ts';
import type { Store } from '#store/store.ts';

/** Inside a write; the rows of all versions are there. */
export function countBlocksAgain(store: Store, projectId: number): void {
  const versions = store.all(
    `SELECT dataset_id AS datasetId, number, oldest_row_version AS oldest FROM dataset_versions
     WHERE dataset_id IN (SELECT id FROM datasets WHERE project_id = ?) ORDER BY dataset_id, number`,
    [projectId],
  ) as readonly { readonly datasetId: number; readonly number: number; readonly oldest: number }[];
  for (const { datasetId, number, oldest } of versions) {
    // Only blocks in which something began or ended with this version; the others are as they were.
    store.run(
      `INSERT INTO row_blocks (dataset_id, block, version, row_count)
       SELECT :datasetId, changed.block, :number, (
         SELECT count(*) FROM rows r WHERE r.dataset_id = :datasetId
           AND r.position >= changed.block * ${BLOCK_POSITIONS} AND r.position < (changed.block + 1) * ${BLOCK_POSITIONS}
           AND r.first_version BETWEEN :oldest AND :number AND (r.last_version IS NULL OR r.last_version >= :number))
       FROM (SELECT DISTINCT position / ${BLOCK_POSITIONS} AS block FROM rows
             WHERE dataset_id = :datasetId AND (first_version = :number OR last_version = :number - 1)) changed`,
      { datasetId, number, oldest },
    );
  }
}
