/** @file What was found in files, as a screen shows it. */
import type { Inspection, Mapping, Preview } from '#contract/imports.ts';
import { LEFT_OUT_REASONS } from '#engine/data/shapes/record-reading.ts';
import { createGetter, type Fields } from '#engine/data/shapes/column-path.ts';
import type { SourceRecord } from '#engine/data/source-record.ts';
import { listDatasets } from '#store/datasets.ts';
import type { Store } from '#store/store.ts';
import type { SourceInspection, InspectedFile } from './inspect-source.ts';
import type { SourcePreview } from './preview-source.ts';
import { toNewRow } from './row-texts.ts';
import { showRow } from './show-row.ts';

const SHOWN_RECORDS = 8;
const SHOWN_COLUMNS = 24;
const SHOWN_ROWS = 20;
const SHOWN_CHARACTERS = 120;

const FORMATS: Readonly<Record<NonNullable<InspectedFile['format']>['format'], string>> = {
  csv: 'CSV',
  tsv: 'TSV',
  json: 'JSON',
  jsonl: 'JSON Lines',
  parquet: 'Parquet',
};

export function showInspection({ files, skipped, columns, sample, mappings }: SourceInspection): Omit<Inspection, 'name' | 'earlier'> {
  const shown = columns.slice(0, SHOWN_COLUMNS);
  const getters = shown.map(({ path }) => createGetter(path));
  const cellsOf = ({ value }: SourceRecord): string[] => getters.map((get) => shortText(get(asFields(value))));
  return {
    files: files.map(({ name, bytes, format, problem }) => ({
      name,
      bytes,
      format: format === null ? null : `${FORMATS[format.format]}${format.compression === null ? '' : ', gzip'}`,
      notes: [...(problem === null ? [] : [problem]), ...(format?.notes ?? [])],
    })),
    skipped: skipped.map(({ name }) => name),
    columns: columns.map(({ path, kind, missing }) => ({ path, kind, missing })),
    sample: sample.slice(0, SHOWN_RECORDS).map((record) => ({ row: record.row, cells: cellsOf(record) })),
    mappings: mappings.map(({ mapping, warnings, ...rest }) => ({
      ...rest,
      mapping: mapping as unknown as Mapping,
      warnings: [...warnings],
    })),
  };
}

export function showPreview({ description, records, rows, faults, leftOut }: SourcePreview): Preview {
  return {
    description,
    records,
    rows: rows.slice(0, SHOWN_ROWS).map((row, index) => {
      const stored = { ...toNewRow(row, { sourceFile: null, sourceRow: row.row }), id: index, position: index };
      return showRow(stored, index);
    }),
    faults: faults.map(({ row, message }) => ({ row, message })),
    leftOut: leftOut.map(({ row, reason }) => ({ row, reason: LEFT_OUT_REASONS[reason] })),
  };
}

/** The first file's name without its ending, or with a number if the project has it already. */
export function suggestName(store: Store, projectId: number, files: readonly { readonly name: string }[]): string {
  const taken = new Set(listDatasets(store, projectId).map(({ name }) => name));
  const base =
    (files[0]?.name ?? '')
      .replace(/(?:\.[A-Za-z]{1,8}){1,2}$/u, '')
      .trim()
      .slice(0, 100) || 'Dataset';
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`;
    if (!taken.has(name)) return name;
  }
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function shortText(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text =
    typeof value === 'string' ? value : JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item));
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
