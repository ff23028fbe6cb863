/** @file No name that a page sends can lead out of its folder or be one that a system can't have. */
import { basename, join, win32 } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uploadName } from '#browser/upload-name.ts';

test.each([
  ['prefs.csv', 'prefs.csv'],
  ['../../etc/passwd', 'passwd'],
  [String.raw`C:\Users\me\prefs.csv`, 'prefs.csv'],
  ['a\0b.csv', 'a_b.csv'],
  ['con.csv', '_con.csv'],
  ['.bashrc', 'bashrc'],
  ['prefs.csv. . ', 'prefs.csv'],
  ['überprüfung.jsonl', 'überprüfung.jsonl'],
])('%j is kept as %s', (name, kept) => {
  expect(uploadName(name)).toBe(kept);
});

test.each(['', '..', '/', '...', '   ', 'a/'])('%j is no name', (name) => {
  expect(uploadName(name)).toBeNull();
});

test('a long name keeps its ending and is not longer than a file system takes', () => {
  const name = uploadName(`${'ü'.repeat(500)}.parquet`) ?? '';
  expect(name.endsWith('ü.parquet')).toBe(true);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
});

test('whatever is sent, the file lies in its folder', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[./\\:a-z\0]{0,20}$/)), (sent) => {
      const name = uploadName(sent);
      if (name === null) return;
      expect(join('/folder', name)).toBe(`/folder/${name}`);
      expect(basename(name)).toBe(name);
      expect(win32.basename(name)).toBe(name);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    }),
    { numRuns: 2000 },
  );
});
