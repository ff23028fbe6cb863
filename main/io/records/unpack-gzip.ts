/** @file Unpacks gzip as it is read. */
import { once } from 'node:events';
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
  let failure = null as Error | null;
  // By hand instead of in a pipeline, which drops what is unpacked and not yet taken when the end turns out to be missing.
  gunzip.on('data', (bytes: Buffer) => unpacked.push(bytes));
  gunzip.on('error', (error) => {
    failure = error;
  });
  try {
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.length && failure === null; start += PIECE_BYTES) {
        await new Promise((resolve) => gunzip.write(chunk.subarray(start, start + PIECE_BYTES), resolve));
        yield* unpacked.splice(0);
      }
      if (failure !== null) break;
    }
    if (failure === null) {
      gunzip.end();
      await once(gunzip, 'end').catch(() => undefined);
    }
    yield* unpacked.splice(0);
    if (failure !== null) throw damaged(failure, file);
  } finally {
    gunzip.destroy();
  }
}

function damaged(error: Error, { file, name }: { readonly file: string; readonly name: string }): ImportError {
  const isCutOff = 'code' in error && error.code === 'Z_BUF_ERROR';
  const problem = isCutOff ? 'ends before its gzip data does' : `holds damaged gzip data (${error.message})`;
  return new ImportError(`${name} ${problem}. Download or copy it again.`, { file }, { cause: error });
}
