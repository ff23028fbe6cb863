/** @file The licence of a model, where its folder says one. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readModelLicence } from '#io/model-licence.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

test.each([
  [{ 'README.md': '---\nlanguage: en\nlicense: apache-2.0\n---\n# Model\nlicense: mit' }, { name: 'apache-2.0', file: 'README.md' }],
  [{ 'README.md': '---\r\nlicense: "llama3.2"\r\n---\r\n' }, { name: 'llama3.2', file: 'README.md' }],
  [{ 'README.md': '---\nlicense: other\nlicense_name: tongyi-qianwen\n---\n' }, { name: 'tongyi-qianwen', file: 'README.md' }],
  [
    { 'README.md': '# A model', LICENSE: '\n   Apache License\nVersion 2.0' },
    { name: 'Apache License', file: 'LICENSE' },
  ],
  [{ 'README.md': '# A model without front matter' }, null],
  [{ 'LICENSE.txt': '' }, { name: 'LICENSE.txt', file: 'LICENSE.txt' }],
  [{}, null],
])('%j says %j', async (files, licence) => {
  expect(await readModelLicence(await folderWith(files))).toEqual(licence);
});

test('a folder that is not there, or a card that is a folder, says nothing', async () => {
  const folder = await folderWith({});
  expect(await readModelLicence(join(folder, 'missing'))).toBeNull();
  await mkdir(join(folder, 'README.md'));
  expect(await readModelLicence(folder)).toBeNull();
});
