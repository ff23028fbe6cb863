/** @file Whether the rows that came are those that versions and splits say: their numbers, their labels, their places. */
import { FormatError } from '#contract/errors.ts';
import { listVersions, type DatasetVersion } from '#store/datasets.ts';
import { listSplits } from '#store/splits.ts';
import type { Store } from '#store/store.ts';

interface Counted {
  readonly rows: number;
  readonly places: number;
  readonly desirable: number;
  readonly undesirable: number;
  readonly wrongKind: number;
  readonly last: number;
}

/** @throws {FormatError} */
export function checkLoadedData(store: Store, projectId: number): void {
  const datasets = store.all('SELECT id, name, kind FROM datasets WHERE project_id = ?', [projectId]) as readonly {
    readonly id: number;
    readonly name: string;
    readonly kind: string;
  }[];
  for (const { id, name, kind } of datasets) {
    const versions = listVersions(store, id);
    if (versions.length === 0) throw wrong(`The dataset ${name} has no version.`);
    for (const version of versions) {
      checkVersion(store, version, { name, kind });
      for (const split of listSplits(store, version.id)) checkSplit(store, split, version);
    }
  }
}

function checkVersion(store: Store, version: DatasetVersion, { name, kind }: { readonly name: string; readonly kind: string }): void {
  const { datasetId, number, oldestRowVersion: oldest } = version;
  const counted = store.get(
    `SELECT count(*) AS rows, count(DISTINCT position) AS places, coalesce(max(position), -1) AS last,
       coalesce(sum(label = 1), 0) AS desirable, coalesce(sum(label = 0), 0) AS undesirable,
       coalesce(sum((rejected IS NULL) <> :isExample), 0) AS wrongKind
     FROM rows WHERE dataset_id = :datasetId AND position >= 0 AND first_version BETWEEN :oldest AND :number
       AND (last_version IS NULL OR last_version >= :number)`,
    { datasetId, oldest, number, isExample: Number(kind === 'example') },
  ) as Counted;
  const isRight =
    counted.rows === version.rowCount &&
    counted.places === counted.rows &&
    counted.desirable === version.desirableCount &&
    counted.undesirable === version.undesirableCount &&
    counted.wrongKind === 0 &&
    counted.last < version.nextPosition;
  if (!isRight) throw wrong(`Version ${number} of ${name} is said to have ${version.rowCount} rows; those that came are others.`);
}

function checkSplit(
  store: Store,
  { id, name, trainCount, heldOutCount, leftOutCount }: ReturnType<typeof listSplits>[number],
  { rowCount }: DatasetVersion,
): void {
  const { heldOut, leftOut } = store.get('SELECT held_out AS heldOut, left_out AS leftOut FROM splits WHERE id = ?', [id]) as {
    readonly heldOut: Uint8Array;
    readonly leftOut: Uint8Array | null;
  };
  const bytes = Math.ceil(rowCount / 8);
  const isRight =
    heldOut.length === bytes &&
    (leftOut === null || leftOut.length === bytes) &&
    bitsOf(heldOut, rowCount) === heldOutCount &&
    (leftOut === null ? 0 : bitsOf(leftOut, rowCount)) === leftOutCount &&
    trainCount + heldOutCount + leftOutCount === rowCount;
  if (!isRight) throw wrong(`The split ${name} does not fit the ${rowCount} rows that it divides.`);
}

function bitsOf(bits: Uint8Array, rowCount: number): number {
  let count = 0;
  for (let row = 0; row < rowCount; row++) count += ((bits[row >> 3] ?? 0) >> (row & 7)) & 1;
  return count;
}

function wrong(message: string): FormatError {
  return new FormatError(message, { file: 'datasets' });
}
