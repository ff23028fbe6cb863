/** @file Makes a dataset of examples out of one of pairs, visibly: every example knows its pair. */
import { SettingsError } from '#contract/errors.ts';
import type { PairRow } from '#engine/data/row.ts';
import { unpairEach } from '#engine/data/unpair.ts';
import { requireVersion, type DatasetVersion } from '#store/datasets.ts';
import type { NewRow } from '#store/row-columns.ts';
import type { Store } from '#store/store.ts';
import { toNewRow } from './row-texts.ts';
import { datasetOf, stageRows } from './stage-rows.ts';
import { walkRows, type WalkedRow } from './walk-rows.ts';
import type { WorkOptions } from './work-progress.ts';

export interface UnpairRequest {
  readonly versionId: number;
  /** Of the new dataset, in the same project. */
  readonly name: string;
}

/** Of the pairs, so that they and nothing else are in memory: as many as are unpaired together. */
const BATCH_PAIRS = 1000;

/**
 * Two examples a pair, in TRL's order: of every 1000 pairs first the chosen answers, then the rejected ones.
 * @throws {SettingsError} if it is no dataset of pairs
 * @throws {StoreError} `conflict` if the project has a dataset of that name
 * @throws {CancelledError}
 */
export async function unpairDataset(
  store: Store,
  { versionId, name }: UnpairRequest,
  options: WorkOptions<'unpairing'> = {},
): Promise<DatasetVersion> {
  const version = requireVersion(store, versionId);
  const { projectId, kind, name: from } = datasetOf(store, version);
  if (kind !== 'pair') throw new SettingsError(`“${from}” holds examples already; only pairs can be unpaired.`, { field: 'dataset' });
  const origin = { kind: 'unpair', datasetId: version.datasetId, versionId, version: version.number, name: from };
  return stageRows(store, { into: { projectId, name, kind: 'example' }, origin, rows: unpaired(store, versionId, options) });
}

async function* unpaired(store: Store, versionId: number, options: WorkOptions<'unpairing'>): AsyncGenerator<readonly NewRow[]> {
  let pairs: WalkedRow[] = [];
  for await (const batch of walkRows(store, versionId, { stage: 'unpairing', options })) {
    for (const walked of batch) {
      pairs.push(walked);
      if (pairs.length < BATCH_PAIRS) continue;
      yield unpairBatch(pairs);
      pairs = [];
    }
  }
  yield unpairBatch(pairs);
}

function unpairBatch(pairs: readonly WalkedRow[]): NewRow[] {
  const rows = pairs.map(({ row }) => row as PairRow);
  return Array.from(unpairEach(rows, BATCH_PAIRS), ({ example, pair }) => {
    const { stored } = pairs[pair] as WalkedRow;
    return toNewRow(example, { sourceFile: stored.sourceFile, sourceRow: stored.sourceRow, sourceRowId: stored.id });
  });
}
