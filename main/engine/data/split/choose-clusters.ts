/** @file Picks the clusters of prompts that go to evaluation: about the wanted number of prompts, with the labels of the whole. */
import { WAS_EVALUATION } from './cluster-table.ts';
import type { ClusterTable } from './cluster-table.ts';

/** Clusters by their share of desirable examples: none, few, half, most, all. Pairs are all alike. */
const STRATA = 5;

/**
 * Each stratum gives its share of the prompts, to within one, as far as its clusters are small enough; clusters with more rows than the
 * whole evaluation side should have stay in training. Clusters with a settled side are not picked, but those in evaluation count.
 * Where nothing is in evaluation and no cluster is small enough, the one with fewest rows goes in, unless it is all there is.
 * @param wanted - prompts in evaluation, settled ones included
 * @returns picked clusters
 */
export function chooseClusters(clusters: ClusterTable, wanted: number): Int32Array {
  const { prompts, rows, ranks, settled } = clusters;
  if (wanted === 0) return new Int32Array(0);
  const mostRows = Math.max(1, Math.ceil((wanted / sum(prompts)) * sum(rows)));
  const free = Int32Array.from(prompts.keys()).filter((cluster) => settled[cluster] === 0);
  const open = free.filter((cluster) => (rows[cluster] as number) <= mostRows);
  open.sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
  const taken = prompts.reduce((all, count, cluster) => all + (isEvaluation(clusters, cluster) ? count : 0), 0);
  let room = Math.max(0, wanted - taken);
  const quotas = shareOut(room, stratumNeeds(clusters, wanted));
  const picked = new Set<number>();
  const pick = (cluster: number) => {
    picked.add(cluster);
    room -= prompts[cluster] as number;
  };
  for (const cluster of open) {
    const stratum = stratumOf(clusters, cluster);
    const rest = (quotas[stratum] as number) - (prompts[cluster] as number);
    if (rest < 0) continue;
    quotas[stratum] = rest;
    pick(cluster);
    if (room === 0) break;
  }
  // What a stratum could not give, because its clusters are too large, another gives.
  if (room > 0) for (const cluster of open) if (!picked.has(cluster) && (prompts[cluster] as number) <= room) pick(cluster);
  if (picked.size === 0 && taken === 0 && prompts.length > 1) {
    const smallest = free.sort((a, b) => (rows[a] as number) - (rows[b] as number) || (ranks[a] as number) - (ranks[b] as number))[0];
    if (smallest !== undefined) pick(smallest);
  }
  return Int32Array.from(picked);
}

function isEvaluation({ settled }: ClusterTable, cluster: number): boolean {
  return ((settled[cluster] as number) & WAS_EVALUATION) !== 0;
}

function stratumOf({ desirable, undesirable }: ClusterTable, cluster: number): number {
  const good = desirable[cluster] as number;
  const labelled = good + (undesirable[cluster] as number);
  if (good === 0) return 0;
  if (good === labelled) return STRATA - 1;
  const share = good / labelled;
  return share < 1 / 3 ? 1 : share <= 2 / 3 ? 2 : 3;
}

/** How many prompts each stratum still owes to evaluation, in fractions. */
function stratumNeeds(clusters: ClusterTable, wanted: number): Float64Array {
  const all = new Float64Array(STRATA);
  const taken = new Float64Array(STRATA);
  clusters.prompts.forEach((count, cluster) => {
    const stratum = stratumOf(clusters, cluster);
    all[stratum] = (all[stratum] as number) + count;
    if (isEvaluation(clusters, cluster)) taken[stratum] = (taken[stratum] as number) + count;
  });
  const total = sum(all);
  return all.map((count, stratum) => Math.max(0, (count * wanted) / total - (taken[stratum] as number)));
}

/** Whole numbers in proportion to `needs` whose sum is `count`: the largest remainders are rounded up. */
function shareOut(count: number, needs: Float64Array): number[] {
  const total = sum(needs);
  if (total === 0) return Array.from(needs, () => 0);
  const exact = Array.from(needs, (need) => (need * count) / total);
  const whole = exact.map(Math.floor);
  const byRemainder = exact.map((value, stratum) => ({ stratum, remainder: value - Math.floor(value) }));
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.stratum - b.stratum);
  const rest = count - whole.reduce((all, value) => all + value, 0);
  for (const { stratum } of byRemainder.slice(0, rest)) whole[stratum] = (whole[stratum] ?? 0) + 1;
  return whole;
}

function sum(values: Uint32Array | Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
