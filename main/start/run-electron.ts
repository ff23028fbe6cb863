/** @file Runs the window as an Electron process until it ends. */
import { spawn } from 'node:child_process';

/** Longer than Electron takes to see that a library is missing or that no display answers. */
const STARTED_AFTER_MS = 5000;

export interface RunElectronOptions {
  /** Of the checkout. */
  readonly root: string;
  readonly dataDir: string | undefined;
  readonly nowMs?: () => number;
}

/** @returns null when a person closed it; a sentence if it never came up */
export async function runElectron(
  path: string,
  { root, dataDir, nowMs = () => performance.now() }: RunElectronOptions,
): Promise<string | null> {
  const startedMs = nowMs();
  const child = spawn(path, [root, ...(dataDir === undefined ? [] : ['--data-dir', dataDir])], { stdio: 'inherit' });
  const stop = (): void => void child.kill('SIGTERM');
  // The terminal sends Ctrl+C to Electron, too; this process waits for it to end in order.
  const wait = (): void => undefined;
  process.on('SIGTERM', stop).on('SIGINT', wait);
  const ended = Promise.withResolvers<string | null>();
  child.once('error', (error) => ended.resolve(`Electron does not start (${error.message}).`));
  child.once('exit', (exitCode, signal) => {
    const cameUp = exitCode === 0 || nowMs() - startedMs > STARTED_AFTER_MS || signal === 'SIGTERM' || signal === 'SIGINT';
    ended.resolve(cameUp ? null : `Electron does not start here (${signal ?? `exit code ${exitCode}`}).`);
    if (cameUp) process.exitCode = exitCode ?? 0;
  });
  try {
    return await ended.promise;
  } finally {
    process.off('SIGTERM', stop).off('SIGINT', wait);
  }
}
