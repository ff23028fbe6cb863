/**
 * @file Checks the JSON header of a safetensors file: every tensor's type, shape and place. Nothing in the header is
 * believed, because a wrong offset would later be read as weights, silently.
 */
import { FormatError } from '#contract/errors.ts';
import { isSafetensorsDtype, tensorByteLength, type SafetensorsDtype } from './dtype.ts';
import { findDuplicateKey } from './find-duplicate-key.ts';

export interface TensorEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

export interface ParsedHeader {
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

interface HeaderPlace {
  readonly file: string;
  /** Where the tensors' bytes begin in the file. */
  readonly dataStart: number;
  readonly fileBytes: number;
}

const DOWNLOAD_AGAIN = 'Download it again.';

/**
 * @param bytes - the header without its 8-byte length
 * @throws {FormatError} naming the file, the tensor, what was expected and what was there
 */
export function parseHeader(bytes: Uint8Array, place: HeaderPlace): ParsedHeader {
  const json = parseObject(bytes, place.file);
  const entries: TensorEntry[] = [];
  for (const [name, value] of Object.entries(json)) {
    if (name !== '__metadata__') entries.push(parseEntry(name, value, place));
  }
  entries.sort((a, b) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength);
  checkPlaces(entries, place);
  return {
    metadata: parseMetadata(Object.hasOwn(json, '__metadata__') ? json['__metadata__'] : {}, place.file),
    tensors: new Map(entries.map((entry) => [entry.name, entry])),
  };
}

function parseObject(bytes: Uint8Array, file: string): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FormatError(`${file} is not a safetensors file: its header is not UTF-8 text. ${DOWNLOAD_AGAIN}`, { file });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new FormatError(`${file} is not a safetensors file: its header is not JSON. ${DOWNLOAD_AGAIN}`, { file }, { cause: error });
  }
  if (!isObject(json) || !text.startsWith('{')) {
    throw new FormatError(`${file} is not a safetensors file: its header is not a JSON object. ${DOWNLOAD_AGAIN}`, { file });
  }
  const duplicate = findDuplicateKey(text);
  if (duplicate !== null)
    throw new FormatError(`${file} names "${duplicate}" twice in its header. ${DOWNLOAD_AGAIN}`, { file, field: duplicate });
  return json;
}

function parseMetadata(value: unknown, file: string): Record<string, string> {
  const wrong = (got: string): FormatError =>
    new FormatError(`${file} has a wrong __metadata__: expected text for every key, got ${got}. ${DOWNLOAD_AGAIN}`, {
      file,
      field: '__metadata__',
    });
  if (!isObject(value)) throw wrong(describe(value));
  const metadata: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw wrong(`${describe(text)} for "${key}"`);
    Object.defineProperty(metadata, key, { value: text, enumerable: true });
  }
  return metadata;
}

function parseEntry(name: string, value: unknown, { file, dataStart, fileBytes }: HeaderPlace): TensorEntry {
  const wrong = (what: string): FormatError =>
    new FormatError(`${file}: tensor "${name}" ${what}. ${DOWNLOAD_AGAIN}`, { file, field: name });
  if (!isObject(value)) throw wrong(`is described by ${describe(value)}, not by an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isSafetensorsDtype(dtype)) {
    throw new FormatError(
      `${file}: tensor "${name}" has the unknown type ${describe(dtype)}; expected F32, BF16, F16 or another type of safetensors 0.8.`,
      {
        file,
        field: name,
      },
    );
  }
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw wrong(`has the shape ${describe(shape)}; expected a list of whole numbers from 0 up`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw wrong(`has the data_offsets ${describe(offsets)}; expected two whole numbers from 0 up`);
  }
  const [begin, end] = offsets as [number, number];
  if (end < begin) throw wrong(`ends at byte ${end}, before it begins at byte ${begin}`);
  if (dataStart + end > fileBytes) {
    throw wrong(`should end at byte ${dataStart + end}, but the file ends at byte ${fileBytes}: it is cut off or its header is wrong`);
  }
  const expected = tensorByteLength(dtype, shape);
  if (expected !== end - begin) {
    throw wrong(
      `has ${end - begin} bytes; its shape [${shape.join(', ')}] of ${dtype} needs ${expected ?? 'a number of bytes that is not whole'}`,
    );
  }
  return { name, dtype, shape, byteOffset: dataStart + begin, byteLength: end - begin };
}

/** The format allows neither holes nor overlaps nor bytes that belong to no tensor. */
function checkPlaces(entries: readonly TensorEntry[], { file, dataStart, fileBytes }: HeaderPlace): void {
  let end = dataStart;
  let previous = 'the header';
  for (const { name, byteOffset, byteLength } of entries) {
    if (byteOffset !== end) {
      const what = byteOffset < end ? `overlaps ${previous}` : `leaves ${byteOffset - end} unused bytes after ${previous}`;
      throw new FormatError(`${file}: tensor "${name}" ${what}: it begins at byte ${byteOffset}, expected ${end}. ${DOWNLOAD_AGAIN}`, {
        file,
        field: name,
      });
    }
    end = byteOffset + byteLength;
    previous = `"${name}"`;
  }
  if (end !== fileBytes) {
    throw new FormatError(
      `${file} has ${fileBytes - end} bytes too many: its tensors end at byte ${end}, the file at byte ${fileBytes}. ${DOWNLOAD_AGAIN}`,
      { file },
    );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function describe(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
