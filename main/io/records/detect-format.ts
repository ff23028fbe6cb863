/** @file Finds out what a data file is from its content; its name decides only where the content leaves it open. */
import { ImportError } from '#contract/errors.ts';
import { SEPARATOR_LINE } from './csv-splitter.ts';
import { refuseForeignKind } from './foreign-kinds.ts';
import { detectJsonLayout } from './json-layout.ts';
import type { JsonLayout } from './json-layout.ts';
import { formatOfName } from './name-format.ts';
import type { RecordFormat } from './name-format.ts';
import { PeekedChunks } from './peeked-chunks.ts';
import { sniffDelimiter } from './sniff-delimiter.ts';
import { openSourceFile } from './source-file.ts';
import type { SourceFile } from './source-file.ts';
import { ChunkDecoder } from './text-decoder.ts';
import { detectEncoding } from './text-encoding.ts';
import type { DetectedEncoding, TextEncoding } from './text-encoding.ts';
import { unpackGzip } from './unpack-gzip.ts';

export interface DetectedFormat {
  readonly format: RecordFormat;
  readonly compression: 'gzip' | null;
  /** Null for Parquet. */
  readonly encoding: TextEncoding | null;
  /** What separates the fields; null unless it is a table of text. */
  readonly delimiter: string | null;
  /** What a person should know, one sentence each. */
  readonly notes: readonly string[];
}

export interface DetectOptions {
  /** What the person says it is, whatever it looks like. */
  readonly format?: RecordFormat;
  readonly encoding?: TextEncoding;
  readonly signal?: AbortSignal;
}

/** The rest of what a reader must know. */
export type DetectedContent =
  | { readonly kind: 'parquet'; readonly shown: DetectedFormat }
  | {
      readonly kind: 'text';
      readonly shown: DetectedFormat;
      readonly chunks: PeekedChunks;
      readonly encoding: DetectedEncoding;
      readonly newline: '\n' | '\r';
      readonly json: JsonLayout;
      readonly delimiter: string;
    };

/** Enough to see several rows, and what is in a list before its rows. */
const HEAD_BYTES = 256 * 1024;
const LONGEST_NAME = 100;

/**
 * @throws {ImportError} if it is empty or no data file; the message says what it is instead
 * @throws {StorageError | CancelledError}
 */
export async function detectFormat(file: string, options: DetectOptions = {}): Promise<DetectedFormat> {
  const source = await openSourceFile(file);
  try {
    return (await detectContent(source, options)).shown;
  } finally {
    await source.close();
  }
}

/** The same for a file that is open, and on to be read. */
export async function detectContent(source: SourceFile, options: DetectOptions): Promise<DetectedContent> {
  const raw = new PeekedChunks(source.chunks(options.signal));
  const { bytes: start } = await raw.head(16);
  if (start.toString('latin1', 0, 4) === 'PAR1') return { kind: 'parquet', shown: parquetFormat(source.name, options.format) };
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  const chunks = isGzip ? new PeekedChunks(unpackGzip(raw, source)) : raw;
  const { bytes: head, isWhole } = await chunks.head(HEAD_BYTES);
  if (isGzip && head.toString('latin1', 0, 4) === 'PAR1') {
    throw new ImportError(`${source.name} is a Parquet file packed with gzip. Unpack it first.`, { file: source.file });
  }
  refuseForeignKind(head, source);
  const found = detectEncoding(head, source);
  const encoding =
    options.encoding === undefined || options.encoding === found.encoding ? found : { encoding: options.encoding, markBytes: 0 };
  const { text } = new ChunkDecoder(encoding.encoding).push(head.subarray(encoding.markBytes));
  if (text.trim() === '') throw new ImportError(`${source.name} is empty. Choose a file with rows.`, { file: source.file });
  const newline = !text.includes('\n') && text.includes('\r') ? '\r' : '\n';
  const { format, json, delimiter } = detectText({ text, isWhole, newline, source, wanted: options.format });
  const notes = noteName(source.name, format, options.format);
  if (json.kind === 'member') notes.push(`The rows of ${source.name} are those in its list "${json.name}".`);
  const isTable = format === 'csv' || format === 'tsv';
  const shown = {
    format,
    compression: isGzip ? ('gzip' as const) : null,
    encoding: encoding.encoding,
    delimiter: isTable ? delimiter : null,
    notes,
  };
  return { kind: 'text', shown, chunks, encoding, newline, json, delimiter };
}

interface Text {
  readonly text: string;
  readonly isWhole: boolean;
  readonly newline: '\n' | '\r';
  readonly source: SourceFile;
  readonly wanted: RecordFormat | undefined;
}

interface TextKind {
  readonly format: RecordFormat;
  readonly json: JsonLayout;
  readonly delimiter: string;
}

const LINES: JsonLayout = { kind: 'lines' };

function detectText(head: Text): TextKind {
  const { text, isWhole, newline, source, wanted } = head;
  const named = formatOfName(source.name);
  const separator = SEPARATOR_LINE.exec(text)?.[1];
  const sniffed = sniffDelimiter(text, newline, isWhole, (wanted ?? named) === 'tsv' ? '\t' : ',');
  const delimiter = separator ?? sniffed.delimiter;
  const table: TextKind = { format: delimiter === '\t' ? 'tsv' : 'csv', json: LINES, delimiter };
  if (wanted === 'jsonl') return { format: 'jsonl', json: LINES, delimiter };
  if (wanted === 'json') return { format: 'json', json: detectJsonLayout(text, isWhole), delimiter };
  if (wanted === 'csv') return { ...table, format: 'csv' };
  if (wanted === 'tsv') return { format: 'tsv', json: LINES, delimiter: '\t' };
  if (wanted === 'parquet') throw new ImportError(`${source.name} is text, not Parquet. Choose its format anew.`, { file: source.file });
  const isTableByName = named === 'csv' || named === 'tsv';
  const isJsonByName = named === 'json' || named === 'jsonl';
  if (looksLikeJson(text, { isTableByName, isJsonByName })) {
    const json = detectJsonLayout(newline === '\r' ? text.replaceAll('\r', '\n') : text, isWhole);
    return { format: json.kind === 'lines' && !(named === 'json' && isOneLine(text)) ? 'jsonl' : 'json', json, delimiter };
  }
  if (isTableByName || separator !== undefined) return table;
  if (sniffed.columns > 1 && (!isJsonByName || hasHeader(text, newline, delimiter))) return table;
  if (isJsonByName) return { format: 'jsonl', json: LINES, delimiter };
  throw new ImportError(`${source.name} is plain text without columns. Save it as CSV, JSON, JSON Lines or Parquet.`, {
    file: source.file,
  });
}

/** A table may begin with a bracket as well, but not with what JSON writes after it. */
function looksLikeJson(text: string, { isTableByName, isJsonByName }: Record<'isTableByName' | 'isJsonByName', boolean>): boolean {
  const start = text.trimStart();
  const rest = start.slice(1).trimStart();
  if (start.startsWith('{')) return !isTableByName || /^(?:["}]|$)/u.test(rest);
  if (!start.startsWith('[')) return false;
  return isJsonByName || (isTableByName ? /^(?:[[{"\]]|$)/u : /^(?:[[{"\]\d-]|$|true\b|false\b|null\b)/u).test(rest);
}

function isOneLine(text: string): boolean {
  return !text.trim().includes('\n');
}

/** Whether the first of several lines can only be names of columns, in a file that calls itself JSON. */
function hasHeader(text: string, newline: string, delimiter: string): boolean {
  const [line = '', second] = text.trim().split(newline, 2);
  if (second === undefined) return false;
  return line.split(delimiter).every((name) => name.trim() !== '' && name.length < LONGEST_NAME && !/[{}[\]:]/u.test(name));
}

const FORMAT_NAMES: Readonly<Record<RecordFormat, string>> = {
  jsonl: 'JSON Lines',
  json: 'JSON',
  csv: 'CSV (fields separated by commas or the like)',
  tsv: 'TSV (fields separated by tabs)',
  parquet: 'Parquet',
};

/** JSON Lines in a .json file and tabs in a .csv file are common, and nobody is misled. */
const FAMILIES: Readonly<Record<RecordFormat, string>> = { jsonl: 'json', json: 'json', csv: 'table', tsv: 'table', parquet: 'parquet' };

function noteName(name: string, format: RecordFormat, wanted: RecordFormat | undefined): string[] {
  const named = formatOfName(name);
  if (wanted !== undefined || named === null || FAMILIES[named] === FAMILIES[format]) return [];
  return [`${name} holds ${FORMAT_NAMES[format]}, whatever its name says, and was read as that.`];
}

function parquetFormat(name: string, wanted: RecordFormat | undefined): DetectedFormat {
  return { format: 'parquet', compression: null, encoding: null, delimiter: null, notes: noteName(name, 'parquet', wanted) };
}
