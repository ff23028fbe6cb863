/** @file The command as a process of its own: what only a real process can show. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProspect, ROOT } from '#test/support/run-prospect.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('--help answers on stdout with 0', async () => {
  const { exitCode, stdout, stderr } = await runProspect(['--help']);
  expect(stdout).toContain('prospect <command> [options]');
  expect(stdout).toMatch(/^ {2}\(prospect is started here as: \S+ \S*cli\.ts\)$/m);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('the help of train comes without the runtime', async () => {
  const isLoaded = `process.report.getReport().sharedObjects.some((name) => name.includes('onnxruntime'))`;
  const trace = `data:text/javascript,process.on('exit', () => { if (${isLoaded}) process.exitCode = 9; })`;
  const { exitCode, stdout } = await runProspect(['train', '--help'], { nodeArgs: ['--import', trace] });
  expect(stdout).toContain('--learning-rate X');
  expect(exitCode).toBe(0);
});

test('a mistake is one line on stderr with 2', async () => {
  const { exitCode, stdout, stderr } = await runProspect(['train', '--modle', 'base']);
  expect(stderr).toMatch(/^prospect: There is no option --modle; the nearest is --model\. See prospect train --help\.\n$/);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});

test('a reader that goes away ends the command quietly', async () => {
  const file = join(await temporaryFolder(), 'rows.jsonl');
  await writeFile(file, `${JSON.stringify({ prompt: 'Why?', completion: 'x', label: true })}\n`);
  const { exitCode, stdout, stderr } = await runProspect(['inspect', '--data', file], { closeStdout: true });
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

test.skipIf(process.platform === 'win32')('head gets its line, and the writer ends without complaint', async () => {
  const command = `"${process.execPath}" main/cli.ts train --help | head -n 1; echo "code \${PIPESTATUS[0]}"`;
  const shell = spawn('bash', ['-c', command], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([shell.stdout.toArray(), shell.stderr.toArray()]);
  expect(out.join('')).toBe('Trains a LoRA adapter on your data with KTO or DPO.\ncode 0\n');
  expect(err.join('')).toBe('');
});

test.skipIf(process.platform !== 'linux')('output that the disk has no room for is a failure', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, ['main/cli.ts', '--help'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  expect(stderr).toMatch(/^prospect: Could not write the output: ENOSPC[^\n]*\n$/);
  expect(status).toBe(1);
});

/** A process that waits for ever, unless it is told to stop. */
const WAITING = `
  import { stopOnSignals } from '#cli/stop-on-signals.ts';
  const stop = new AbortController();
  stopOnSignals(process, stop);
  stop.signal.addEventListener('abort', () => console.log('asked by ' + stop.signal.reason));
  setInterval(() => undefined, 1000);
  console.log('waiting');
`;

test.skipIf(process.platform === 'win32')('a second Ctrl-C ends a process that does not stop by itself', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WAITING], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    lines.push(text.trim());
    if (text.startsWith('waiting')) child.kill('SIGINT');
    if (text.startsWith('asked')) setTimeout(() => child.kill('SIGINT'), 600);
  });
  expect(await exited).toBe('SIGINT');
  expect(lines).toEqual(['waiting', 'asked by SIGINT']);
});
