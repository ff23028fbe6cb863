/** @file Changes rows of a dataset, which makes its next version: a few rows are written, however many the dataset has. */
import { InternalError, StoreError } from '#contract/errors.ts';
import { latestVersionOf, requireVersion, type DatasetVersion } from './datasets.ts';
import type { JsonObject } from './json-column.ts';
import { BLOCK_POSITIONS, recountBlocks } from './row-blocks.ts';
import type { NewRow } from './row-columns.ts';
import { insertSql, pushContent, refuseWhileImporting } from './row-writer.ts';
import type { SqlValue, Store } from './store.ts';

export type RowEdit =
  | { readonly kind: 'delete'; readonly rowId: number }
  /** `true` = desirable. */
  | { readonly kind: 'relabel'; readonly rowId: number; readonly label: boolean }
  /** Another text at the same place. */
  | { readonly kind: 'replace'; readonly rowId: number; readonly row: NewRow }
  /** After all others. */
  | { readonly kind: 'append'; readonly row: NewRow };

export interface Edit {
  /** The version the person saw; it must be the dataset's newest. */
  readonly versionId: number;
  readonly edits: Iterable<RowEdit>;
  readonly origin: JsonObject;
}

/**
 * All edits or none, in one transaction: about 10 µs a row, and on the disk when it returns.
 * @throws {StoreError} `conflict` if the dataset has a newer version, a row is not in this one, or rows are being imported
 */
export function editRows(store: Store, { versionId, edits, origin }: Edit): DatasetVersion {
  const id = store.writeDurably(() => {
    const base = requireVersion(store, versionId);
    refuseWhileImporting(store, base.datasetId);
    if (latestVersionOf(store, base.datasetId)?.id !== base.id) {
      throw new StoreError('The dataset was changed meanwhile. Look at its newest version, then try again.', { reason: 'conflict' });
    }
    const change = new Change(store, base);
    for (const edit of edits) change.apply(edit);
    return change.finish(origin);
  });
  return requireVersion(store, id);
}

interface Ended {
  readonly position: number;
  readonly label: number | null;
}

class Change {
  readonly #store: Store;
  readonly #base: DatasetVersion;
  readonly #number: number;
  readonly #blocks = new Set<number>();
  #nextPosition: number;
  #rows = 0;
  #desirable = 0;
  #undesirable = 0;

  constructor(store: Store, base: DatasetVersion) {
    this.#store = store;
    this.#base = base;
    this.#number = base.number + 1;
    this.#nextPosition = base.nextPosition;
  }

  apply(edit: RowEdit): void {
    switch (edit.kind) {
      case 'delete':
        this.#end(edit.rowId);
        return;
      case 'relabel':
        this.#relabel(edit.rowId, edit.label);
        return;
      case 'replace':
        this.#insert(edit.row, this.#end(edit.rowId).position);
        return;
      case 'append':
        this.#insert(edit.row, this.#nextPosition++);
        return;
      default:
        throw new InternalError('There is no such edit.', { edit: JSON.stringify(edit satisfies never) });
    }
  }

  /** @returns the new version's id */
  finish(origin: JsonObject): number {
    const { id } = this.#store.run(
      `INSERT INTO dataset_versions (dataset_id, number, state, oldest_row_version, next_position, row_count, desirable_count,
         undesirable_count, origin, created_at)
       VALUES (:datasetId, :number, 'ready', :oldest, :position, :rows, :desirable, :undesirable, :origin, :now)`,
      {
        datasetId: this.#base.datasetId,
        number: this.#number,
        oldest: this.#base.oldestRowVersion,
        position: this.#nextPosition,
        rows: this.#base.rowCount + this.#rows,
        desirable: this.#base.desirableCount + this.#desirable,
        undesirable: this.#base.undesirableCount + this.#undesirable,
        origin: JSON.stringify(origin),
        now: this.#store.now(),
      },
    );
    recountBlocks(this.#store, { datasetId: this.#base.datasetId, version: this.#number, blocks: this.#blocks });
    return id;
  }

  /** The row stays in the versions up to the base. A row is edited once an edit: what began with it can't end with it. */
  #end(rowId: number): Ended {
    const ended = this.#store.get(
      `UPDATE rows SET last_version = :base
       WHERE id = :rowId AND dataset_id = :datasetId AND first_version BETWEEN :oldest AND :base AND last_version IS NULL
       RETURNING position, label`,
      { rowId, base: this.#base.number, datasetId: this.#base.datasetId, oldest: this.#base.oldestRowVersion },
    ) as Ended | undefined;
    if (!ended) {
      throw new StoreError(
        `Row ${rowId} is not in version ${this.#base.number} of the dataset. Look at its newest version, then try again.`,
        {
          reason: 'conflict',
        },
      );
    }
    this.#count(ended, -1);
    return ended;
  }

  #relabel(rowId: number, label: boolean): void {
    const { position } = this.#end(rowId);
    this.#store.run(
      `INSERT INTO rows (dataset_id, position, first_version, form, prompt_key, label, source_file, source_row, source_row_id, options,
         prompt, completion, rejected)
       SELECT dataset_id, position, :number, form, prompt_key, :label, source_file, source_row, source_row_id, options,
         prompt, completion, rejected FROM rows WHERE id = :rowId`,
      { rowId, number: this.#number, label: Number(label) },
    );
    this.#count({ position, label: Number(label) }, 1);
  }

  #insert(row: NewRow, position: number): void {
    const values: SqlValue[] = [this.#base.datasetId, position, this.#number];
    pushContent(values, row);
    this.#store.run(insertSql(1), values);
    this.#count({ position, label: row.label === null ? null : Number(row.label) }, 1);
  }

  #count({ position, label }: Ended, by: 1 | -1): void {
    this.#rows += by;
    if (label === 1) this.#desirable += by;
    if (label === 0) this.#undesirable += by;
    this.#blocks.add(Math.floor(position / BLOCK_POSITIONS));
  }
}
