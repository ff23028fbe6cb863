/** @file Writes lines no faster than they are read. */
import type { Output } from './host.ts';

/** Does not wait once the signal is aborted: the reader may be gone, and the work has to end in good order all the same. */
export async function writeLine(output: Output, line: string, signal: AbortSignal): Promise<void> {
  if (output.write(`${line}\n`) || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const proceed = () => {
      signal.removeEventListener('abort', proceed);
      resolve();
    };
    signal.addEventListener('abort', proceed);
    output.once('drain', proceed);
  });
}
