/** @file The rules hold everywhere: no file switches the layers or the size limit off for itself. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = globSync('{main,preload,renderer,test}/**/*.{ts,tsx}', { cwd: ROOT });
const EXEMPTION =
  /(?:oxlint|eslint)-disable[^\n]*(?:no-restricted|max-lines|no-explicit-any)|(?:oxlint|eslint)-disable(?:-next-line|-line)?\s*(?:\*\/|$)|@ts-nocheck/m;

test('no source file exempts itself from the layers, the size limit or the types', () => {
  expect(SOURCES.length).toBeGreaterThan(20);
  const exempt = SOURCES.filter((path) => !path.includes('no-exemptions') && EXEMPTION.test(readFileSync(join(ROOT, path), 'utf8')));
  expect(exempt).toEqual([]);
});
