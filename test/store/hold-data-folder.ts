/** @file A process that opens the store of the folder it is given, says `open` (or why not), and holds it until it is killed. */
import { StoreError } from '#contract/errors.ts';
import { openStore } from '#store/open-store.ts';

try {
  openStore(process.argv[2] ?? ''); // nobody refers to it, and it is held all the same
  globalThis.gc?.();
  process.stdout.write('open\n');
  setInterval(() => undefined, 1000);
} catch (error) {
  process.stdout.write(error instanceof StoreError ? `${error.reason}: ${error.message}\n` : `${String(error)}\n`);
}
