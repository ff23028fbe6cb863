/** @file Passes a stream on as long as it is neither too large nor too slow. */
import { Transform } from 'node:stream';
import { StorageError } from '#contract/errors.ts';

export interface ByteLimit {
  readonly maxBytes: number;
  /** Between two pieces. */
  readonly idleTimeoutMs: number;
  readonly tooLarge: () => Error;
  /** For the message. */
  readonly name: string;
}

export function limitBytes({ maxBytes, idleTimeoutMs, tooLarge, name }: ByteLimit): Transform {
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      limit.destroy(new StorageError(`${name} stopped arriving ${idleTimeoutMs / 1000} s ago. Drop it again.`, { file: name }));
    }, idleTimeoutMs);
  };
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      wait();
      if (bytes > maxBytes) done(tooLarge());
      else done(null, chunk);
    },
    destroy(error, done) {
      clearTimeout(timer);
      done(error);
    },
    flush(done) {
      clearTimeout(timer);
      done();
    },
  });
  wait();
  return limit;
}
