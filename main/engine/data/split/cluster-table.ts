/** @file The clusters of prompts that have to stay together, as columns: objects would take ten times the memory. */
import { combineHashes } from '#engine/data/similarity/text-hash.ts';
import { EVALUATION, sideOfPrompt } from './prompt-assignments.ts';
import type { PromptAssignments } from './prompt-assignments.ts';
import type { PromptTable } from './prompt-table.ts';

/** Bits of `settled`: a prompt of the cluster was on that side before. */
export const WAS_TRAIN = 1;
export const WAS_EVALUATION = 2;

/** One number a cluster in every array. */
export interface ClusterTable {
  readonly prompts: Uint32Array;
  readonly rows: Uint32Array;
  /** Examples of either label; none in pairs. */
  readonly desirable: Uint32Array;
  readonly undesirable: Uint32Array;
  /** The lowest go to evaluation first; from the seed and the cluster's prompts. */
  readonly ranks: Float64Array;
  readonly settled: Uint8Array;
  /** Per prompt, its cluster. */
  readonly clusterOf: Int32Array;
}

/**
 * A cluster is ranked by its lowest prompt key, so a prompt that joins it seldom changes its rank.
 * @param order - prompts by ascending key
 * @param roots - per place in `order`, the lowest place of its cluster
 */
export function tableOfClusters({
  table,
  order,
  roots,
  seed,
  previous,
}: {
  readonly table: PromptTable;
  readonly order: Uint32Array;
  readonly roots: Int32Array;
  readonly seed: number;
  readonly previous: PromptAssignments;
}): ClusterTable {
  const clusterAt = new Int32Array(order.length);
  let count = 0;
  roots.forEach((root, place) => (clusterAt[place] = root === place ? count++ : (clusterAt[root] as number)));
  const column = () => new Uint32Array(count);
  const [prompts, rows, desirable, undesirable] = [column(), column(), column(), column()];
  const clusters = { ranks: new Float64Array(count), settled: new Uint8Array(count), clusterOf: new Int32Array(order.length) };
  order.forEach((prompt, place) => {
    const cluster = clusterAt[place] as number;
    const key = table.keys.at(prompt);
    clusters.clusterOf[prompt] = cluster;
    if (roots[place] === place) clusters.ranks[cluster] = combineHashes(key, seed >>> 0);
    add(prompts, cluster, 1);
    add(rows, cluster, table.rows.at(prompt));
    add(desirable, cluster, table.desirable.at(prompt));
    add(undesirable, cluster, table.undesirable.at(prompt));
    const side = sideOfPrompt(previous, key);
    if (side !== null)
      clusters.settled[cluster] = (clusters.settled[cluster] as number) | (side === EVALUATION ? WAS_EVALUATION : WAS_TRAIN);
  });
  return { prompts, rows, desirable, undesirable, ...clusters };
}

function add(column: Uint32Array, index: number, amount: number): void {
  column[index] = (column[index] as number) + amount;
}
