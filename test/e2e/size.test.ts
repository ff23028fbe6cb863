/** @file How large the window's program is. */
import { globSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ROOT } from './support/start-host.ts';

const MAX_GZIPPED_BYTES = 1.5e6;

test('scripts and styles of the window are at most 1.5 MB, compressed', () => {
  const files = globSync('dist/renderer/**/*.{js,css,html}', { cwd: ROOT });
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(`${ROOT}/${file}`)).length, 0);
  expect(files.length).toBeGreaterThan(2);
  expect(bytes).toBeLessThan(MAX_GZIPPED_BYTES);
});
