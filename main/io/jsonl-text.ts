/** @file A text file as UTF-8 bytes, whatever Unicode encoding it was saved in. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { CancelledError, ImportError } from '#contract/errors.ts';
import { asStorageError } from './as-storage-error.ts';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Spreadsheets and Windows tools save UTF-16; a file of 4 bytes is enough to tell. */
const PROBE_BYTES = 4;

/**
 * Yields the file's bytes as UTF-8, without a byte order mark.
 * @throws {ImportError} if the file is not text (compressed, Parquet, UTF-32 …) or its UTF-16 is broken
 * @throws {StorageError} if it can't be read
 * @throws {CancelledError} if `signal` is aborted
 */
export async function* readUtf8(file: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const decoder = new Utf8Stream(file);
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024, ...(signal === undefined ? {} : { signal }) })) {
      const bytes = decoder.push(chunk as Buffer);
      if (bytes.length > 0) yield bytes;
    }
  } catch (error) {
    if (signal?.aborted === true) throw new CancelledError('Reading the file was cancelled.', { file });
    throw asStorageError(error, 'read', file);
  }
  const rest = decoder.end();
  if (rest.length > 0) yield rest;
}

class Utf8Stream {
  private readonly file: string;
  private head: Buffer | null = Buffer.alloc(0);
  private decoder: InstanceType<typeof TextDecoder> | null = null;

  constructor(file: string) {
    this.file = file;
  }

  push(chunk: Buffer): Buffer {
    if (this.head === null) return this.decode(chunk, true);
    this.head = Buffer.concat([this.head, chunk]);
    return this.head.length < PROBE_BYTES ? Buffer.alloc(0) : this.start(true);
  }

  end(): Buffer {
    return this.head === null ? this.decode(Buffer.alloc(0), false) : this.start(false);
  }

  private start(more: boolean): Buffer {
    const head = this.head ?? Buffer.alloc(0);
    this.head = null;
    const { encoding, markBytes } = detectEncoding(head, this.file);
    if (encoding !== 'utf-8') this.decoder = new TextDecoder(encoding, { fatal: true });
    return this.decode(head.subarray(markBytes), more);
  }

  private decode(chunk: Buffer, more: boolean): Buffer {
    if (this.decoder === null) return chunk;
    try {
      return Buffer.from(this.decoder.decode(chunk, { stream: more }), 'utf8');
    } catch (error) {
      const message = `${basename(this.file)} is not valid ${this.decoder.encoding.toUpperCase()} text. Save it as UTF-8.`;
      throw new ImportError(message, { file: this.file }, { cause: error });
    }
  }
}

function detectEncoding(head: Buffer, file: string): { encoding: Encoding; markBytes: number } {
  const [a = 1, b = 1, c = 1, d = 1] = head;
  const refuse = (what: string, advice: string): ImportError => new ImportError(`${basename(file)} ${what}. ${advice}`, { file });
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0)) throw refuse('is UTF-32 or not text', 'Save it as UTF-8.');
  if (a === 0x1f && b === 0x8b) throw refuse('is compressed with gzip', 'Unpack it first.');
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) throw refuse('is compressed with zstd', 'Unpack it first.');
  if (a === 0x50 && b === 0x4b) throw refuse('is a ZIP archive', 'Unpack it first.');
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') throw refuse('is a Parquet file, not JSON', 'Give it the ending .parquet.');
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', markBytes: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  // Without a mark: JSON begins with an ASCII character, whose other byte is then 0.
  if (a !== 0 && b === 0) return { encoding: 'utf-16le', markBytes: 0 };
  if (a === 0 && b !== 0) return { encoding: 'utf-16be', markBytes: 0 };
  return { encoding: 'utf-8', markBytes: 0 };
}
