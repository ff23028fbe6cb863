/** @file Runs the real command in a process of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface ProspectResult {
  /** Null if a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProspectOptions {
  readonly nodeArgs?: readonly string[];
  /** Nobody reads stdout. */
  readonly closeStdout?: boolean;
  /** Called with each piece of stdout, and how to send a signal. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

export async function runProspect(
  args: readonly string[],
  { nodeArgs = [], closeStdout = false, onOutput }: ProspectOptions = {},
): Promise<ProspectResult> {
  const child = spawn(process.execPath, [...nodeArgs, 'main/cli.ts', ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  if (closeStdout) child.stdout.destroy();
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    onOutput?.(text, (signal) => child.kill(signal));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { exitCode, stdout, stderr };
}
