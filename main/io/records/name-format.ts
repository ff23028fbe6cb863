/** @file What the ending of a file's name says about its content. */

export type RecordFormat = 'jsonl' | 'json' | 'csv' | 'tsv' | 'parquet';

const ENDINGS: Readonly<Record<string, RecordFormat>> = {
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  jsonlines: 'jsonl',
  json: 'json',
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  parquet: 'parquet',
  pq: 'parquet',
};

/** Null if it says nothing; `.gz` after it is passed over. */
export function formatOfName(name: string): RecordFormat | null {
  const ending = /\.([a-z]+)(?:\.gz)?$/u.exec(name.toLowerCase())?.[1] ?? '';
  return Object.hasOwn(ENDINGS, ending) ? (ENDINGS[ending] as RecordFormat) : null;
}
