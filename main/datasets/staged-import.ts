/** @file An import while it lasts: rows that nobody sees yet, places kept for bad ones, and what was found so far. */
import { InternalError } from '#contract/errors.ts';
import type { Row } from '#engine/data/row.ts';
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';
import type { LeftOutReason } from '#engine/data/shapes/record-reading.ts';
import { createDataset, getDataset, type DatasetVersion } from '#store/datasets.ts';
import { notFound } from '#store/not-found.ts';
import { RowWriter } from '#store/row-writer.ts';
import type { Store } from '#store/store.ts';
import type { BadRow, RowFix } from './bad-row.ts';
import { BadRowList, type BadRows } from './bad-row-list.ts';
import { importOrigin, type ImportedFile } from './import-origin.ts';
import { writeImportReport, type ImportReport } from './import-report.ts';
import type { SourceBatch, SourceReader } from './read-source.ts';
import { toNewRow } from './row-texts.ts';

/** A new dataset, or the next version of one: its rows and the new ones, or the new ones alone. */
export type ImportTarget =
  | { readonly projectId: number; readonly name: string }
  | { readonly datasetId: number; readonly rows: 'append' | 'replace' };

export interface ImportOutcome {
  readonly version: DatasetVersion;
  readonly report: ImportReport;
}

export interface StagedImportParts {
  readonly into: ImportTarget;
  readonly files: readonly ImportedFile[];
  readonly mapping: ColumnMapping;
}

/** @throws {StoreError} `not-found` */
export function projectOf(store: Store, into: ImportTarget): number {
  if ('projectId' in into) return into.projectId;
  const dataset = getDataset(store, into.datasetId);
  if (!dataset) throw notFound('dataset', into.datasetId);
  return dataset.projectId;
}

export class StagedImport {
  readonly #store: Store;
  readonly #parts: StagedImportParts;
  readonly #leftOut: Partial<Record<LeftOutReason, number>> = {};
  readonly #notes: string[] = [];
  /** Places kept for bad rows, by file and row. */
  readonly #gaps = new Map<string, number>();
  /** Opened by the first row: only then the kind of the dataset is known. */
  #writer: RowWriter | null = null;
  #badRows = new BadRowList();
  #fixedRows = 0;

  constructor(store: Store, parts: StagedImportParts) {
    this.#store = store;
    this.#parts = parts;
  }

  /** What rows have to be; null for a new dataset. @throws {StoreError} `not-found` */
  get kind(): Row['kind'] | null {
    const { into } = this.#parts;
    if ('projectId' in into) return null;
    return getDataset(this.#store, into.datasetId)?.kind ?? null;
  }

  /** Those that are not repaired. */
  get badRows(): BadRows {
    return this.#badRows;
  }

  get rows(): number {
    return this.#writer?.added ?? 0;
  }

  get isEmpty(): boolean {
    return this.rows === 0;
  }

  get leftOutCount(): number {
    return Object.values(this.#leftOut).reduce((sum, count) => sum + count, 0);
  }

  /** @param canBeFixed - places are kept for bad rows, so that repaired ones stand where they stood */
  add({ fileIndex, rows, badRows, leftOut, notes }: SourceBatch, { canBeFixed }: { readonly canBeFixed: boolean }): void {
    let start = 0;
    for (const { before, badRow } of badRows) {
      if (canBeFixed && !this.#badRows.isFull) {
        this.#write(rows.slice(start, before), fileIndex);
        start = before;
        this.#keepPlace(badRow);
      }
      this.#badRows.add(badRow);
    }
    this.#write(start === 0 ? rows : rows.slice(start), fileIndex);
    for (const reason of Object.keys(leftOut) as LeftOutReason[]) {
      this.#leftOut[reason] = (this.#leftOut[reason] ?? 0) + (leftOut[reason] ?? 0);
    }
    this.#notes.push(...notes);
  }

  /** Puts repaired records in the places of bad ones; what is still wrong stays a bad row, with what is wrong now. */
  fix(fixes: readonly RowFix[], reader: SourceReader): void {
    const byPlace = new Map(fixes.map((fix) => [placeOf(fix), fix]));
    const left = new BadRowList(this.#badRows.count - this.#badRows.listed.length);
    for (const badRow of this.#badRows.listed) {
      const fix = byPlace.get(placeOf(badRow));
      byPlace.delete(placeOf(badRow));
      const read = fix === undefined ? { badRow } : reader.readFix(fix, badRow);
      if ('badRow' in read) left.add(read.badRow);
      else this.#place(read.rows, badRow);
    }
    const [unknown] = byPlace.values();
    if (unknown) throw new InternalError(`Row ${unknown.row} of file ${unknown.fileIndex} was repaired, but is no listed bad row.`);
    this.#badRows = left;
  }

  /** Makes everything visible at once. */
  commit(): ImportOutcome {
    const writer = this.#writer;
    if (writer === null) throw new InternalError('An import without rows was ended.');
    const report: ImportReport = {
      rows: writer.added,
      fixedRows: this.#fixedRows,
      skippedRows: this.#badRows.count,
      firstSkipped: this.#badRows.listed,
      leftOut: this.#leftOut,
      notes: this.#notes,
    };
    const version = writer.commit(writeImportReport(report));
    return { version, report };
  }

  /** Leaves nothing of it. */
  async abort(): Promise<void> {
    await this.#writer?.abort();
  }

  #write(rows: readonly Row[], fileIndex: number): void {
    const [first] = rows;
    if (first === undefined) return;
    this.#open(first.kind).add(rows.map((row) => toNewRow(row, { sourceFile: fileIndex, sourceRow: row.row })));
  }

  #keepPlace(badRow: BadRow): void {
    this.#gaps.set(placeOf(badRow), this.#writer?.leaveGap() ?? -1);
  }

  #place(rows: readonly Row[], { fileIndex, row: sourceRow, ...place }: BadRow): void {
    this.#fixedRows++;
    const [first, ...more] = rows;
    if (first === undefined) return; // it is left out, as its mapping says
    const writer = this.#open(first.kind);
    const position = this.#gaps.get(placeOf({ ...place, fileIndex, row: sourceRow }));
    if (position === undefined) writer.add([toNewRow(first, { sourceFile: fileIndex, sourceRow })]);
    else writer.fillGap(position, toNewRow(first, { sourceFile: fileIndex, sourceRow }));
    // A record may become several rows, for which one place was kept.
    writer.add(more.map((row) => toNewRow(row, { sourceFile: fileIndex, sourceRow })));
  }

  #open(kind: Row['kind']): RowWriter {
    if (this.#writer !== null) return this.#writer;
    const { into, files, mapping } = this.#parts;
    // Together, so that there never is a dataset without a version.
    const writer = this.#store.write(() => {
      const datasetId = 'projectId' in into ? createDataset(this.#store, { ...into, kind }).id : into.datasetId;
      const keepRows = 'rows' in into && into.rows === 'append';
      return RowWriter.begin(this.#store, { datasetId, keepRows, origin: importOrigin(files), mapping });
    });
    this.#writer = writer;
    for (const [place, position] of this.#gaps) if (position === -1) this.#gaps.set(place, writer.leaveGap());
    return writer;
  }
}

function placeOf({ fileIndex, row }: Pick<BadRow, 'fileIndex' | 'row'>): string {
  return `${fileIndex} ${row}`;
}
