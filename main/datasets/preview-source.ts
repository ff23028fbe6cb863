/** @file Shows what a column mapping makes of the beginning of the files, while a person edits it. */
import { ImportError } from '#contract/errors.ts';
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';
import { describeMapping } from '#engine/data/shapes/describe-mapping.ts';
import { previewMapping, type MappingPreview } from '#engine/data/shapes/preview-mapping.ts';
import { readHead } from './inspect-source.ts';
import { parseMapping } from './parse-mapping.ts';
import type { ReadSourceOptions } from './read-source.ts';
import { listSources } from './source-list.ts';

export interface SourcePreview extends MappingPreview {
  /** What the mapping does, in one sentence. */
  readonly description: string;
  readonly file: string;
  /** Records that were tried. */
  readonly records: number;
}

export interface PreviewRequest extends ReadSourceOptions {
  readonly paths: readonly string[];
  readonly mapping: ColumnMapping;
  /** Records to try, of the first file; default 50. */
  readonly records?: number;
}

/**
 * @throws {ImportError} if the first file is no data file
 * @throws {StorageError | CancelledError}
 */
export async function previewSource({ paths, mapping, records: count = 50, ...options }: PreviewRequest): Promise<SourcePreview> {
  const checked = parseMapping(mapping);
  const [file] = (await listSources(paths)).files;
  if (file === undefined) throw new ImportError('There is no file to look at. Choose one.', { file: '' });
  const records = (await readHead(file.path, options)).records.slice(0, count);
  const preview = previewMapping(checked, records, file.name);
  return { ...preview, description: describeMapping(checked), file: file.name, records: records.length };
}
