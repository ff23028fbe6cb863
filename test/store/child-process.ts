/** @file Processes of tests that are read line by line, and killed at the end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Child {
  readonly pid: number;
  /** The next line it says; null at its end. */
  nextLine(): Promise<string | null>;
  /** SIGKILL, and waits for the end. @returns the lines that were not read */
  kill(): Promise<string[]>;
}

export function startChild(script: URL, ...args: readonly string[]): Child {
  const child: ChildProcess = spawn(process.execPath, ['--expose-gc', fileURLToPath(script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('The process has no output.');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const exit = once(child, 'close');
  const nextLine = async (): Promise<string | null> => {
    const { value, done } = await lines.next();
    return done === true ? null : value;
  };
  const kill = async (): Promise<string[]> => {
    child.kill('SIGKILL');
    await exit;
    const rest: string[] = [];
    for (let line = await nextLine(); line !== null; line = await nextLine()) rest.push(line);
    return rest;
  };
  onTestFinished(async () => {
    await kill();
  });
  return { pid: child.pid ?? 0, nextLine, kill };
}
