/** @file Pairs that runs can be measured on: held-out ones first, then every dataset of pairs as a whole. */
import type { OfferedPairs, PairSource } from '#contract/comparisons.ts';
import { getDataset, getVersion, latestVersionOf, listDatasets, type DatasetVersion } from '#store/datasets.ts';
import type { Run } from '#store/runs.ts';
import { getSplit } from '#store/splits.ts';
import type { Store } from '#store/store.ts';

/** @param runs - that are compared, in their order */
export function offeredPairs(store: Store, projectId: number, runs: readonly Run[]): OfferedPairs[] {
  const heldOut = runs.flatMap((run) => heldOutOf(store, run) ?? []);
  const whole = listDatasets(store, projectId).flatMap(({ id, kind, name }) => {
    const version = kind === 'pair' ? latestVersionOf(store, id) : null;
    return version && version.rowCount > 0 ? [wholeVersion(version, name, runs)] : [];
  });
  return [...new Map([...heldOut, ...whole].map((pairs) => [`${pairs.versionId} ${pairs.splitId ?? ''}`, pairs])).values()];
}

/** What was chosen if it is still there, else the first that is offered. */
export function chosenPairs(offered: readonly OfferedPairs[], chosen: PairSource | null): OfferedPairs | null {
  return offered.find(({ versionId, splitId }) => versionId === chosen?.versionId && splitId === chosen.splitId) ?? offered[0] ?? null;
}

function heldOutOf(store: Store, { versionId, splitId }: Run): OfferedPairs | null {
  const version = versionId === null ? null : getVersion(store, versionId);
  const split = splitId === null ? null : getSplit(store, splitId);
  const dataset = version && getDataset(store, version.datasetId);
  if (!version || !split || dataset?.kind !== 'pair' || split.heldOutCount === 0) return null;
  const name = `Held-out pairs of “${dataset.name}”, version ${version.number}`;
  return { versionId: version.id, splitId: split.id, name, pairs: split.heldOutCount, note: null };
}

function wholeVersion({ id, number, rowCount }: DatasetVersion, name: string, runs: readonly Run[]): OfferedPairs {
  const trained = runs.filter(({ versionId }) => versionId === id).map((run) => run.name);
  const note =
    trained.length === 0
      ? null
      : `${trained.join(' and ')} ${trained.length === 1 ? 'was' : 'were'} trained on most of these pairs, so the figures flatter.`;
  return { versionId: id, splitId: null, name: `All pairs of “${name}”, version ${number}`, pairs: rowCount, note };
}
