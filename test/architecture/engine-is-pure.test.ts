/** @file The engine's TypeScript project knows no host: console, Buffer, process and Node's modules do not compile in it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const IMPURE: Readonly<Record<string, string>> = {
  console: `console.log('x');`,
  Buffer: 'export const bytes = Buffer.alloc(1);',
  process: 'export const cwd = process.cwd();',
  setTimeout: 'setTimeout(() => undefined, 1);',
  fetch: `export const page = fetch('x');`,
  window: 'export const width = window.innerWidth;',
  'node:fs': `export { readFileSync } from 'node:fs';`,
};

let folder = '';
let output = '';
let exitStatus: number | null = null;

/** The engine itself is compiled along, so that a package whose types drag a host in is noticed. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prospect-pure-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  Object.values(IMPURE).forEach((text, index) => writeFileSync(join(folder, `impure-${index}.ts`), `export {};\n${text}\n`));
  writeFileSync(join(folder, 'pure.ts'), 'export const half = Math.fround(new Float32Array([1])[0] ?? 0) / 2;\n');
  const include = [join(ROOT, 'main/engine'), join(ROOT, 'preload/contract'), '*.ts'];
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(ROOT, 'tsconfig.engine.json'), include }));
  const result = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  exitStatus = result.status;
  output = result.stdout;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(Object.keys(IMPURE).map((name, index) => [name, index] as const))('%s does not compile in the engine', (name, index) => {
  expect(exitStatus).not.toBe(0);
  const errors = output.split('\n').filter((line) => line.startsWith(`impure-${index}.ts`));
  expect(errors.join('\n')).toContain(`'${name}'`);
});

test('pure code compiles', () => {
  expect(output.split('\n').filter((line) => line.startsWith('pure.ts'))).toEqual([]);
  expect(output).toContain('impure-0.ts');
});
