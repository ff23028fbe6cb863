/** @file Which rows of a version are trained on and which are held out: one bit a row, since a version never changes. */
import { InternalError } from '#contract/errors.ts';
import { requireVersion } from './datasets.ts';
import { readJsonObject, type JsonObject } from './json-column.ts';
import { notFound } from './not-found.ts';
import type { StoredRow } from './row-columns.ts';
import { iterateRows } from './rows.ts';
import type { Store } from './store.ts';

export interface Split {
  readonly id: number;
  readonly versionId: number;
  readonly name: string;
  /** Seed, fraction …: how it was made. */
  readonly settings: JsonObject;
  readonly trainCount: number;
  readonly heldOutCount: number;
  readonly createdAt: number;
}

export interface NewSplit {
  readonly versionId: number;
  readonly name: string;
  readonly settings: JsonObject;
  /** Bit `i % 8` of byte `floor(i / 8)` is 1 if the version's row `i` is held out; shape `[ceil(rows / 8)]`. */
  readonly heldOut: Uint8Array;
}

const COLUMNS = `id, dataset_version_id AS versionId, name, settings, train_count AS trainCount, held_out_count AS heldOutCount,
  created_at AS createdAt`;

/** @throws {StoreError} `not-found` */
export function createSplit(store: Store, { versionId, name, settings, heldOut }: NewSplit): Split {
  return store.write(() => {
    const { rowCount } = requireVersion(store, versionId);
    if (heldOut.length !== Math.ceil(rowCount / 8)) {
      throw new InternalError(`A split of ${rowCount} rows needs ${Math.ceil(rowCount / 8)} bytes, but has ${heldOut.length}.`);
    }
    let heldOutCount = 0;
    for (let row = 0; row < rowCount; row++) heldOutCount += bitOf(heldOut, row);
    const split = { versionId, name, settings, trainCount: rowCount - heldOutCount, heldOutCount, createdAt: store.now() };
    const { id } = store.run(
      `INSERT INTO splits (dataset_version_id, name, settings, train_count, held_out_count, created_at, held_out)
       VALUES (:versionId, :name, :settings, :trainCount, :heldOutCount, :createdAt, :heldOut)`,
      { ...split, settings: JSON.stringify(settings), heldOut },
    );
    return { id, ...split };
  });
}

export function getSplit(store: Store, id: number): Split | null {
  const row = store.get(`SELECT ${COLUMNS} FROM splits WHERE id = ?`, [id]) as SplitColumns | undefined;
  return row ? toSplit(row) : null;
}

/** In the order they were made. */
export function listSplits(store: Store, versionId: number): Split[] {
  return (store.all(`SELECT ${COLUMNS} FROM splits WHERE dataset_version_id = ? ORDER BY id`, [versionId]) as SplitColumns[]).map(toSplit);
}

/** @throws {StoreError} `not-found` */
export function readHeldOut(store: Store, splitId: number): Uint8Array {
  const row = store.get('SELECT held_out AS heldOut FROM splits WHERE id = ?', [splitId]) as { readonly heldOut: Uint8Array } | undefined;
  if (!row) throw notFound('split', splitId);
  return row.heldOut;
}

/** The rows of one part in their order; see iterateRows. @throws {StoreError} `not-found` */
export function* iterateSplitRows(store: Store, splitId: number, part: 'train' | 'held-out'): Generator<StoredRow, void, undefined> {
  const split = getSplit(store, splitId);
  if (!split) throw notFound('split', splitId);
  const heldOut = readHeldOut(store, splitId);
  const wanted = part === 'held-out' ? 1 : 0;
  let index = 0;
  for (const row of iterateRows(store, split.versionId)) if (bitOf(heldOut, index++) === wanted) yield row;
}

interface SplitColumns extends Omit<Split, 'settings'> {
  readonly settings: string;
}

function toSplit({ settings, ...row }: SplitColumns): Split {
  return { ...row, settings: readJsonObject(settings, 'splits.settings') };
}

function bitOf(bits: Uint8Array, index: number): number {
  return ((bits[index >> 3] ?? 0) >> (index & 7)) & 1;
}
