/** @file Which rows of a version are trained on, which are held out and which are neither: a bit or two a row, since a version never changes. */
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
  /** On neither side, because they would leak from either. */
  readonly leftOutCount: number;
  readonly createdAt: number;
}

export interface NewSplit {
  readonly versionId: number;
  readonly name: string;
  readonly settings: JsonObject;
  /** Bit `i % 8` of byte `floor(i / 8)` is 1 if the version's row `i` is held out; shape `[ceil(rows / 8)]`. */
  readonly heldOut: Uint8Array;
  /** The same for rows on neither side; no row may be in both. Null: none. */
  readonly leftOut?: Uint8Array | null;
}

const COLUMNS = `id, dataset_version_id AS versionId, name, settings, train_count AS trainCount, held_out_count AS heldOutCount,
  left_out_count AS leftOutCount, created_at AS createdAt`;

/** @throws {StoreError} `not-found` */
export function createSplit(store: Store, { versionId, name, settings, heldOut, leftOut = null }: NewSplit): Split {
  return store.write(() => {
    const { rowCount } = requireVersion(store, versionId);
    const heldOutCount = countBits(heldOut, rowCount);
    const leftOutCount = leftOut === null ? 0 : countBits(leftOut, rowCount);
    const trainCount = rowCount - heldOutCount - leftOutCount;
    const split = { versionId, name, settings, trainCount, heldOutCount, leftOutCount, createdAt: store.now() };
    const { id } = store.run(
      `INSERT INTO splits (dataset_version_id, name, settings, train_count, held_out_count, left_out_count, created_at, held_out, left_out)
       VALUES (:versionId, :name, :settings, :trainCount, :heldOutCount, :leftOutCount, :createdAt, :heldOut, :leftOut)`,
      { ...split, settings: JSON.stringify(settings), heldOut, leftOut },
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

export type SplitPart = 'train' | 'held-out' | 'left-out';

export interface SplitSides {
  /** By the version's row index, from 0. */
  readonly partOf: (index: number) => SplitPart;
}

/** @throws {StoreError} `not-found` */
export function readSides(store: Store, splitId: number): SplitSides {
  const row = store.get('SELECT held_out AS heldOut, left_out AS leftOut FROM splits WHERE id = ?', [splitId]) as
    | { readonly heldOut: Uint8Array; readonly leftOut: Uint8Array | null }
    | undefined;
  if (!row) throw notFound('split', splitId);
  const { heldOut, leftOut } = row;
  return {
    partOf: (index) => (bitOf(heldOut, index) === 1 ? 'held-out' : leftOut !== null && bitOf(leftOut, index) === 1 ? 'left-out' : 'train'),
  };
}

/** The rows of one part in their order; see iterateRows. @throws {StoreError} `not-found` */
export function* iterateSplitRows(store: Store, splitId: number, part: SplitPart): Generator<StoredRow, void, undefined> {
  const split = getSplit(store, splitId);
  if (!split) throw notFound('split', splitId);
  const sides = readSides(store, splitId);
  let index = 0;
  for (const row of iterateRows(store, split.versionId)) if (sides.partOf(index++) === part) yield row;
}

interface SplitColumns extends Omit<Split, 'settings'> {
  readonly settings: string;
}

function toSplit({ settings, ...row }: SplitColumns): Split {
  return { ...row, settings: readJsonObject(settings, 'splits.settings') };
}

function countBits(bits: Uint8Array, rowCount: number): number {
  if (bits.length !== Math.ceil(rowCount / 8)) {
    throw new InternalError(`A split of ${rowCount} rows needs ${Math.ceil(rowCount / 8)} bytes, but has ${bits.length}.`);
  }
  let count = 0;
  for (let row = 0; row < rowCount; row++) count += bitOf(bits, row);
  return count;
}

function bitOf(bits: Uint8Array, index: number): number {
  return ((bits[index >> 3] ?? 0) >> (index & 7)) & 1;
}
