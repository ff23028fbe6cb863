/** @file Starts the built browser host in a process of its own, as `npm start` would; for tests, and for programs that need the window. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface StartedHost {
  readonly url: string;
  /** From the start of the process to the line with the link. */
  readonly readyAfterMs: number;
  readonly dataDir: string;
  readonly pid: number;
  /** What it printed beside the link. */
  said(): string;
  /** @returns the exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Ctrl+C in the terminal where it runs: its children are told, too. @returns the exit code */
  pressCtrlC(): Promise<number | null>;
}

const children: ChildProcess[] = [];

/** Whatever happened, none is left running. */
export function killHosts(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
}

export interface StartOptions {
  readonly words?: readonly string[];
  /** Instead of the built browser host. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** With the sample project of a first launch; else the store is empty. */
  readonly sample?: boolean;
}

/** @throws with what it printed, if it does not come up */
export async function spawnHost(
  dataDir: string,
  { words = [], program = 'dist/browser-host.js', env = {}, sample = false }: StartOptions = {},
): Promise<StartedHost> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [program, '--data-dir', dataDir, ...words], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a terminal would give it.
    detached: true,
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', ...(sample ? {} : { PROSPECT_NO_SAMPLE: '1' }), ...env },
  });
  children.push(child);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.setEncoding('utf8');
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended.then(([code]) => [`exit code ${code ?? 'unknown'}`])])) as [string];
  const url = line.trim();
  if (!url.startsWith('http://127.0.0.1:')) throw new Error(`The browser host did not start: ${errors}${line}`);
  return {
    url,
    dataDir,
    pid: child.pid ?? 0,
    said: () => errors,
    readyAfterMs: performance.now() - startedMs,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return (await ended)[0];
    },
    async pressCtrlC() {
      process.kill(-(child.pid ?? 0), 'SIGINT');
      return (await ended)[0];
    },
  };
}
