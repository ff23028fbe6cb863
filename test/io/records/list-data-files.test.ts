/** @file The data files of a folder. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { ImportError, StorageError } from '#contract/errors.ts';
import { listDataFiles } from '#io/records/list-data-files.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('a file is itself, whatever it is called', async () => {
  const file = join(await temporaryFolder(), 'rows.dat');
  await writeFile(file, '');
  expect(await listDataFiles(file)).toEqual({ files: [file], skipped: [] });
});

test('a folder gives its data files in natural order, and names what is passed over', async () => {
  const folder = await temporaryFolder();
  const names = [
    'part-10.csv',
    'part-2.csv',
    'Part-1.CSV',
    'a.jsonl.gz',
    'b.parquet',
    '.c.csv',
    '~$part.csv',
    'README.md',
    'dataset_info.json',
    'x.gz',
  ];
  for (const name of names) await writeFile(join(folder, name), 'a');
  await mkdir(join(folder, 'test.csv'));
  await symlink(join(folder, 'gone'), join(folder, 'link.csv'));
  const { files, skipped } = await listDataFiles(folder);
  expect(files.map((file) => basename(file))).toEqual(['a.jsonl.gz', 'b.parquet', 'Part-1.CSV', 'part-2.csv', 'part-10.csv']);
  expect(Object.fromEntries(skipped.map(({ name, reason }) => [name, reason]))).toEqual({
    '.c.csv': 'hidden',
    '~$part.csv': 'hidden',
    'README.md': 'other',
    'dataset_info.json': 'description',
    'link.csv': 'other',
    'test.csv': 'folder',
    'x.gz': 'other',
  });
});

test('a folder without data files is refused, and its folders are named', async () => {
  const folder = await temporaryFolder();
  await expect(listDataFiles(folder)).rejects.toThrow(ImportError);
  await mkdir(join(folder, 'data'));
  await expect(listDataFiles(folder)).rejects.toThrow(
    /holds no CSV, JSON, JSON Lines or Parquet file\. Choose one of its folders \(data\)/,
  );
  await expect(listDataFiles(join(folder, 'none'))).rejects.toThrow(StorageError);
});
