/** @file Unpacks gzip as it is read. */
import { createGunzip } from 'node:zlib';
import { ImportError } from '#contract/errors.ts';

/** A thousandfold of it may come out at once. */
const PIECE_BYTES = 32 * 1024;
const OUTPUT_BYTES = 256 * 1024;

/**
 * All that can be unpacked is given before an error is thrown.
 * @throws {ImportError} if the file is damaged or cut off
 */
export async function* unpackGzip(
  chunks: AsyncIterable<Buffer>,
  file: { readonly file: string; readonly name: string },
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: OUTPUT_BYTES });
  const unpacked: Buffer[] = [];
  // By hand instead of in a pipeline, which drops what is unpacked and not yet taken when the end turns out to be missing.
  gunzip.on('data', (bytes: Buffer) => unpacked.push(bytes));
  // After damage no callback of a write comes any more, but this always does.
  const closed = new Promise((resolve) => gunzip.once('error', resolve).once('close', resolve));
  try {
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.length && gunzip.errored === null; start += PIECE_BYTES) {
        const piece = chunk.subarray(start, start + PIECE_BYTES);
        await Promise.race([closed, new Promise((resolve) => gunzip.write(piece, resolve))]);
        yield* unpacked.splice(0);
      }
      if (gunzip.errored !== null) break;
    }
    if (gunzip.errored === null) {
      const ended = new Promise((resolve) => gunzip.once('end', resolve));
      gunzip.end();
      await Promise.race([closed, ended]);
    }
    yield* unpacked.splice(0);
    if (gunzip.errored !== null) throw damaged(gunzip.errored, file);
  } finally {
    gunzip.destroy();
  }
}

function damaged(error: Error, { file, name }: { readonly file: string; readonly name: string }): ImportError {
  const isCutOff = 'code' in error && error.code === 'Z_BUF_ERROR';
  const problem = isCutOff ? 'ends before its gzip data does' : `holds damaged gzip data (${error.message})`;
  return new ImportError(`${name} ${problem}. Download or copy it again.`, { file }, { cause: error });
}
