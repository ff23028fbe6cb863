/** @file What the columns of a sample hold, nested ones included. */
import { isFilled } from '#engine/data/refuse-images.ts';
import { kindOfValue } from './value-kind.ts';
import type { ValueKind } from './value-kind.ts';

export interface SurveyedColumn {
  /** As a mapping names it. */
  readonly path: string;
  /** The part of it that says what it is: `quality` of `responses.quality` and of `quality.responses`. */
  readonly name: string;
  /** `mixed` if the records differ. */
  readonly kind: ValueKind | 'mixed';
  readonly kinds: ReadonlySet<ValueKind>;
  /** The filled ones, in the order of the records. */
  readonly values: readonly unknown[];
  /** Records that lack it or leave it empty. */
  readonly missing: number;
  /** Share of texts with a space in them: ids and codes have none. */
  readonly prose: number;
  /** Of texts, in characters. */
  readonly meanLength: number;
}

const DEPTH = 4;
const COLUMNS = 300;

/** Columns in the order in which they first appear; records that are no objects are passed over. */
export function surveyColumns(sample: readonly unknown[]): readonly SurveyedColumn[] {
  const columns = new Map<string, unknown[]>();
  const records = sample.filter(isPlainObject);
  for (const record of records) collect(record, '', 1, columns);
  return [...columns].map(([path, values]) => surveyColumn(path, values, records.length)).filter(({ kind }) => kind !== 'object');
}

function collect(fields: Readonly<Record<string, unknown>>, prefix: string, depth: number, columns: Map<string, unknown[]>): void {
  for (const [key, value] of Object.entries(fields)) {
    if (key === '' || (prefix !== '' && /[.[\]]/u.test(key))) continue;
    const path = prefix + key;
    const values = columns.get(path) ?? [];
    if (values.length === 0) {
      if (columns.size >= COLUMNS) continue;
      columns.set(path, values);
    }
    values.push(value);
    if (depth < DEPTH && kindOfValue(value) === 'object') collect(value as Record<string, unknown>, `${path}.`, depth + 1, columns);
  }
}

function surveyColumn(path: string, all: readonly unknown[], records: number): SurveyedColumn {
  const values = all.filter((value) => kindOfValue(value) !== 'empty');
  const kinds = new Set(values.map(kindOfValue));
  const texts = values.filter((value) => typeof value === 'string');
  return {
    path,
    name: meaningfulName(path),
    kind: joinKinds(kinds),
    kinds,
    values,
    missing: records - values.length,
    prose: texts.length === 0 ? 0 : texts.filter((text) => /\s/u.test(text.trim())).length / texts.length,
    meanLength: texts.length === 0 ? 0 : texts.reduce((sum, text) => sum + text.length, 0) / texts.length,
  };
}

function joinKinds(kinds: ReadonlySet<ValueKind>): SurveyedColumn['kind'] {
  const [only] = kinds;
  if (only === undefined) return 'empty';
  if (kinds.size === 1) return only;
  // A text may begin like JSON by chance, and a list may hold few enough items to look like ids.
  const within = (...allowed: readonly ValueKind[]) => [...kinds].every((kind) => allowed.includes(kind));
  if (within('text', 'json-ids')) return 'text';
  if (within('text', 'json-messages')) return 'json-messages';
  if (within('list', 'ids', 'votes')) return 'list';
  return 'mixed';
}

function meaningfulName(path: string): string {
  const steps = path.split('.').filter((step) => !/^(?:responses|suggestions?|value)$/u.test(step));
  return steps.at(-1) ?? path;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isFilled(value) && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
