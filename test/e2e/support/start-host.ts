/** @file Starts the built browser host in a process of its own, as `npm start` would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface StartedHost {
  readonly url: string;
  /** From the start of the process to the line with the link. */
  readonly readyAfterMs: number;
  readonly dataDir: string;
  /** @returns the exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** @throws with what it printed, if it does not come up */
export async function startHost(dataDir: string, words: readonly string[] = []): Promise<StartedHost> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['dist/browser-host.js', '--data-dir', dataDir, ...words], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.setEncoding('utf8');
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended.then(() => [''])])) as [string];
  const url = line.trim();
  if (!url.startsWith('http://127.0.0.1:')) throw new Error(`The browser host did not start: ${line}${errors}`);
  return {
    url,
    dataDir,
    readyAfterMs: performance.now() - startedMs,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}
