/** @file Unpacks a page of a Parquet file. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { requireCount, requireSound } from './damaged.ts';

type Decompress = (bytes: Uint8Array, length: number) => Uint8Array;

/** Writers aim at 1 MB; some put a whole group of 100,000 rows into one page. */
const MOST_PAGE_BYTES = 512 * 1024 * 1024;
/** A copy of 64 bytes takes Snappy 3. */
const SNAPPY_FACTOR = 32;

/** Node's own are several times faster; `maxOutputLength` keeps a small page from becoming a large one. */
const DECOMPRESS: Partial<Record<CompressionCodec, Decompress>> = {
  ...compressors,
  GZIP: (bytes, length) => gunzipSync(bytes, { maxOutputLength: length }),
  BROTLI: (bytes, length) => brotliDecompressSync(bytes, { maxOutputLength: length }),
  // Not in every build of Node.
  ...(typeof zstdDecompressSync === 'function'
    ? { ZSTD: (bytes: Uint8Array, length: number) => zstdDecompressSync(bytes, { maxOutputLength: length }) }
    : {}),
};

/**
 * @param length - bytes when unpacked
 * @throws {DamagedPart} if it can't be; or whatever the codec throws
 */
export function decompressPage(bytes: Uint8Array, length: number, codec: CompressionCodec): Uint8Array {
  requireCount(length, MOST_PAGE_BYTES, 'bytes');
  if (codec === 'UNCOMPRESSED' || length === 0) return bytes;
  const decompress = DECOMPRESS[codec];
  requireSound(decompress !== undefined, `the compression ${codec}, which is not supported`);
  requireSound(codec !== 'SNAPPY' || length <= bytes.length * SNAPPY_FACTOR, 'a page of impossible size');
  const page = decompress(bytes, length);
  requireSound(page.length === length, 'a page of another size than it says');
  return page;
}
