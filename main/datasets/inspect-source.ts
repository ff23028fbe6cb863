/** @file Looks at files before they are imported: what they are, which columns they have, and how those may become rows. */
import { ImportError, StorageError } from '#contract/errors.ts';
import { describeMapping } from '#engine/data/shapes/describe-mapping.ts';
import { mappedKind } from '#engine/data/shapes/mapping-facts.ts';
import { proposeMapping, type MappingProposal } from '#engine/data/shapes/propose-mapping.ts';
import { surveyColumns, type SurveyedColumn } from '#engine/data/shapes/survey-columns.ts';
import type { RecordFault, SourceRecord } from '#engine/data/source-record.ts';
import { detectFormat, type DetectedFormat } from '#io/records/detect-format.ts';
import { readRecords } from '#io/records/read-records.ts';
import type { Row } from '#engine/data/row.ts';
import { describeValue } from '#engine/data/row-place.ts';
import { jsonText } from './json-text.ts';
import type { ReadSourceOptions } from './read-source.ts';
import { listSources, type DataFile, type SourceList } from './source-list.ts';

/** Looked at for columns and mappings; read from the beginnings of the files. */
const SAMPLE_RECORDS = 200;
/** Values shown for a column. */
const SHOWN_VALUES = 3;
const SHOWN_CHARACTERS = 60;

export interface InspectedFile extends DataFile {
  /** Null if it can't be read. */
  readonly format: DetectedFormat | null;
  /** Why it can't be read, in one sentence. */
  readonly problem: string | null;
}

export interface InspectedColumn extends Pick<SurveyedColumn, 'path' | 'kind'> {
  /** Records of the sample that lack it or leave it empty. */
  readonly missing: number;
  /** The first different values, shortened. */
  readonly examples: readonly string[];
}

export interface OfferedMapping extends MappingProposal {
  /** What it does, in one sentence. */
  readonly description: string;
  /** Of the rows it gives; null if the file decides. */
  readonly kind: Row['kind'] | null;
}

export interface SourceInspection {
  readonly files: readonly InspectedFile[];
  readonly skipped: SourceList['skipped'];
  readonly columns: readonly InspectedColumn[];
  /** One sentence: which columns there are, and what they hold. */
  readonly found: string;
  /** Best first; empty if nothing fits. From a confidence of 0.9 on the first may be used without asking. */
  readonly mappings: readonly OfferedMapping[];
  /** The records that were looked at, as they stand in the files. */
  readonly sample: readonly SourceRecord[];
  /** Places among them that could not be read. */
  readonly faults: readonly RecordFault[];
}

/**
 * Reads the beginnings of the files only, so it takes the same time for any size.
 * @throws {ImportError} if a folder holds no data file, or none of the files can be read
 * @throws {StorageError} if a path can't be read
 * @throws {CancelledError}
 */
export async function inspectSource(paths: readonly string[], options: ReadSourceOptions = {}): Promise<SourceInspection> {
  const { files, skipped } = await listSources(paths);
  const inspected: InspectedFile[] = [];
  const heads: Head[] = [];
  for (const file of files) {
    const one = await inspectFile(file, options);
    inspected.push(one.file);
    if (one.head) heads.push(one.head);
  }
  if (heads.length === 0) throw unreadable(inspected);
  const sample = heads.flatMap(({ records }) => spread(records, Math.ceil(SAMPLE_RECORDS / heads.length)));
  const values = sample.map(({ value }) => value);
  const { proposals, found } = proposeMapping(values);
  return {
    files: inspected,
    skipped,
    columns: surveyColumns(values).map(describeColumn),
    found,
    mappings: proposals.map((proposal) => ({
      ...proposal,
      description: describeMapping(proposal.mapping),
      kind: mappedKind(proposal.mapping),
    })),
    sample,
    faults: heads.flatMap(({ faults }) => faults.slice(0, SAMPLE_RECORDS)),
  };
}

interface Head {
  readonly records: readonly SourceRecord[];
  readonly faults: readonly RecordFault[];
}

async function inspectFile(
  file: DataFile,
  options: ReadSourceOptions,
): Promise<{ readonly file: InspectedFile; readonly head: Head | null }> {
  try {
    const format = await detectFormat(file.path, options);
    return { file: { ...file, format, problem: null }, head: await readHead(file.path, options) };
  } catch (error) {
    if (!(error instanceof ImportError || error instanceof StorageError)) throw error;
    return { file: { ...file, format: null, problem: error.message }, head: null };
  }
}

/** The first batch: some thousand records, or a few megabytes. */
export async function readHead(path: string, options: ReadSourceOptions): Promise<Head> {
  for await (const { records, faults } of readRecords(path, options)) {
    if (records.length > 0 || faults.length > 0) return { records, faults };
  }
  return { records: [], faults: [] };
}

/** Records from all over the part that was read, in their order. */
function spread(records: readonly SourceRecord[], count: number): readonly SourceRecord[] {
  if (records.length <= count) return records;
  return Array.from({ length: count }, (_, index) => records[Math.floor((index * records.length) / count)] as SourceRecord);
}

function describeColumn({ path, kind, missing, values }: SurveyedColumn): InspectedColumn {
  const examples = new Set<string>();
  for (const value of values) {
    if (examples.size === SHOWN_VALUES) break;
    examples.add(typeof value === 'object' ? jsonText(value).slice(0, SHOWN_CHARACTERS) : describeValue(value));
  }
  return { path, kind, missing, examples: [...examples] };
}

function unreadable(files: readonly InspectedFile[]): ImportError {
  const [first] = files;
  const more = files.length > 1 ? ` None of the ${files.length} files can be read.` : '';
  return new ImportError(`${first?.problem ?? 'There is no file.'}${more}`, { file: first?.path ?? '' });
}
