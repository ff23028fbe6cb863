/**
 * @file Finds the n-th row of a version without counting from its beginning. Positions are cut into blocks; `row_blocks` says how many rows a
 * block has from a version on, one entry for each change. A million rows are a thousand entries, and an edit adds at most one.
 */
import type { DatasetVersion } from './datasets.ts';
import type { Store } from './store.ts';

/** Positions a block: what is skipped at most (in the index alone), against entries to read. */
export const BLOCK_POSITIONS = 1024;
/** Versions whose blocks are kept in memory: about 30 KB for a million rows. */
const KEPT_VERSIONS = 16;

interface BlockIndex {
  readonly blocks: readonly number[];
  /** Rows before each block. */
  readonly rowsBefore: readonly number[];
}

/** Versions never change and their ids are not used again, so what was read stays right. */
const cache = new WeakMap<Store, Map<number, BlockIndex>>();

/** Where to begin reading: the first position to look at, and how many rows from there to pass over (fewer than a block has). */
export function placeOf(store: Store, version: DatasetVersion, index: number): { readonly position: number; readonly skip: number } {
  const { blocks, rowsBefore } = indexOf(store, version);
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((rowsBefore[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return { position: (blocks[low] ?? 0) * BLOCK_POSITIONS, skip: index - (rowsBefore[low] ?? 0) };
}

/** Counts the blocks anew in which rows began or ended with `version`, which is the newest. */
export function recountBlocks(
  store: Store,
  { datasetId, version, blocks }: { datasetId: number; version: number; blocks: Iterable<number> },
): void {
  const recount = store.prepare(`
    INSERT INTO row_blocks (dataset_id, block, version, row_count)
    SELECT :datasetId, :block, :version, count(*) FROM rows
    WHERE dataset_id = :datasetId AND position >= :first AND position < :end AND first_version >= :oldest AND last_version IS NULL`);
  const { oldest } = store.get('SELECT oldest_row_version AS oldest FROM dataset_versions WHERE dataset_id = ? AND number = ?', [
    datasetId,
    version,
  ]) as { readonly oldest: number };
  for (const block of blocks) {
    recount.run({ datasetId, version, block, oldest, first: block * BLOCK_POSITIONS, end: (block + 1) * BLOCK_POSITIONS });
  }
}

function indexOf(store: Store, version: DatasetVersion): BlockIndex {
  let known = cache.get(store);
  if (!known) cache.set(store, (known = new Map<number, BlockIndex>()));
  const index = known.get(version.id) ?? readIndex(store, version);
  known.delete(version.id);
  known.set(version.id, index); // the last one is the one used last
  const [oldest] = known.keys();
  if (known.size > KEPT_VERSIONS && oldest !== undefined) known.delete(oldest);
  return index;
}

function readIndex(store: Store, { datasetId, number, oldestRowVersion }: DatasetVersion): BlockIndex {
  // SQLite takes the columns beside a lone max() from the row that has the maximum.
  const rows = store.all(
    `SELECT block, row_count AS rowCount, max(version) FROM row_blocks
     WHERE dataset_id = ? AND version BETWEEN ? AND ? GROUP BY block ORDER BY block`,
    [datasetId, oldestRowVersion, number],
  ) as readonly { readonly block: number; readonly rowCount: number }[];
  const blocks: number[] = [];
  const rowsBefore: number[] = [];
  let total = 0;
  for (const { block, rowCount } of rows) {
    if (rowCount === 0) continue;
    blocks.push(block);
    rowsBefore.push(total);
    total += rowCount;
  }
  return { blocks, rowsBefore };
}
