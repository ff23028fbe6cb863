/** @file Files that are not data files, told by their first bytes: what they are, in words, and what to do. */
import { ImportError } from '#contract/errors.ts';

interface Kind {
  readonly magic: string | RegExp;
  /** Where the magic stands; 0 unless told. */
  readonly at?: number;
  readonly what: string;
  readonly advice: string;
}

const AS_CSV = 'Open it and save it as CSV (UTF-8).';
const UNPACK = 'Unpack it first.';
const EXPORT = 'Export the data as CSV, JSON Lines or Parquet.';
const NO_DATA = 'Choose a CSV, JSON, JSON Lines or Parquet file.';

/* oxlint-disable no-control-regex -- the first bytes of binary files are control characters */
/** Bytes as Latin-1 text; the first match counts, so the particular comes before the general. */
const KINDS: readonly Kind[] = [
  { magic: /^PK\x03\x04[^]*?(?:xl\/|\[Content_Types\]\.xml[^]*?xl\/)/u, what: 'an Excel workbook', advice: AS_CSV },
  { magic: /^PK\x03\x04[^]*?opendocument\.spreadsheet/u, what: 'an OpenDocument spreadsheet', advice: AS_CSV },
  { magic: /^PK\x03\x04[^]*?word\//u, what: 'a Word document', advice: NO_DATA },
  { magic: /^PK\x03\x04[^]*?(?:data\.pkl|\.npy)/u, what: 'a file of arrays, not a table', advice: NO_DATA },
  { magic: /^PK(?:\x03\x04|\x05\x06|\x07\x08)/u, what: 'a ZIP archive', advice: UNPACK },
  { magic: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', what: 'an old Excel or Word file', advice: AS_CSV },
  { magic: '%PDF', what: 'a PDF document', advice: NO_DATA },
  { magic: /^(?:\x89PNG|GIF8|\xff\xd8\xff|RIFF[^]{4}WEBP|BM[^]{4}\0{4}|II\*\0|MM\0\*)/u, what: 'an image', advice: NO_DATA },
  { magic: /^(?:ID3|OggS|fLaC|RIFF[^]{4}WAVE|\x1aE\xdf\xa3)/u, what: 'a sound or video file', advice: NO_DATA },
  { magic: /^ftyp/u, at: 4, what: 'a sound or video file', advice: NO_DATA },
  { magic: 'SQLite format 3\0', what: 'an SQLite database', advice: EXPORT },
  { magic: 'DUCK', at: 8, what: 'a DuckDB database', advice: EXPORT },
  { magic: /^\x80[\x02-\x05](?:[cX}\]()q]|\x95)/u, what: 'a Python pickle, which can run programs when it is read', advice: EXPORT },
  { magic: /^\x93NUMPY/u, what: 'a NumPy array', advice: EXPORT },
  { magic: /^\x89HDF/u, what: 'an HDF5 file', advice: EXPORT },
  { magic: /^(?:ARROW1|FEA1|\xff\xff\xff\xff[^]\0\0\0)/u, what: 'an Arrow or Feather file', advice: 'Save it as Parquet.' },
  { magic: 'ORC', what: 'an ORC file', advice: 'Save it as Parquet.' },
  { magic: /^Obj\x01/u, what: 'an Avro file', advice: 'Save it as Parquet.' },
  { magic: 'PARE', what: 'an encrypted Parquet file', advice: 'Save it without encryption.' },
  { magic: 'GGUF', what: 'a model, not data', advice: NO_DATA },
  { magic: /^\x28\xb5\x2f\xfd/u, what: 'compressed with zstd', advice: UNPACK },
  { magic: /^BZh[1-9]1AY&SY/u, what: 'compressed with bzip2', advice: UNPACK },
  { magic: /^\xfd7zXZ\0/u, what: 'compressed with xz', advice: UNPACK },
  { magic: /^\x04"M\x18/u, what: 'compressed with LZ4', advice: UNPACK },
  { magic: /^7z\xbc\xaf\x27\x1c/u, what: 'a 7-Zip archive', advice: UNPACK },
  { magic: 'Rar!\x1a\x07', what: 'a RAR archive', advice: UNPACK },
  { magic: /^ustar/u, at: 257, what: 'a tar archive', advice: UNPACK },
  { magic: /^\x7fELF|^MZ[^]{58}[^]\0\0\0/u, what: 'a program', advice: NO_DATA },
  { magic: /^(?:\xff\xfe\0\0|\0\0\xfe\xff)/u, what: 'UTF-32 text', advice: 'Save it as UTF-8.' },
  {
    magic: 'version https://git-lfs.github.com/spec/',
    what: 'a placeholder that Git LFS left for the file',
    advice: 'Download the file itself (git lfs pull).',
  },
  {
    magic: /^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)[\s>]/iu,
    what: 'a web page, not data',
    advice: 'Download the file itself; the address may need a login.',
  },
  { magic: /^(?:\xef\xbb\xbf)?\s*<\?xml/iu, what: 'an XML file', advice: EXPORT },
  { magic: /^\{\\rtf/u, what: 'an RTF document', advice: 'Save it as plain CSV text.' },
];

/** ZIP lists its files at its end, but the first names stand in the first kilobytes. */
const LOOKED_AT_BYTES = 8192;

/** @throws {ImportError} if the bytes begin like something that holds no records */
export function refuseForeignKind(head: Buffer, file: { readonly file: string; readonly name: string }): void {
  const text = head.toString('latin1', 0, LOOKED_AT_BYTES);
  for (const { magic, at = 0, what, advice } of KINDS) {
    const matches = typeof magic === 'string' ? text.startsWith(magic, at) : magic.test(at === 0 ? text : text.slice(at, at + 64));
    if (matches) throw new ImportError(`${file.name} is ${what}. ${advice}`, { file: file.file });
  }
}
