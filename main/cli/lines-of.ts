/** @file The lines of an input, until it ends or the command has to stop. */
import { createInterface } from 'node:readline';

export async function* linesOf(input: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<string> {
  const reader = createInterface({ input, crlfDelay: Infinity });
  const close = (): void => reader.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    yield* reader;
  } finally {
    signal.removeEventListener('abort', close);
    reader.close();
  }
}
