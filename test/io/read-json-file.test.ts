import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, StorageError } from '#contract/errors.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function fileWith(content: string | Uint8Array): Promise<string> {
  const file = join(await temporaryFolder(), 'config.json');
  await writeFile(file, content);
  return file;
}

describe('reading a JSON file', () => {
  it('reads it, with or without a byte order mark', async () => {
    expect(await readJsonFile(await fileWith('{"a": "ü"}'))).toEqual({ a: 'ü' });
    expect(await readJsonFile(await fileWith('\ufeff[1]'))).toEqual([1]);
  });

  it('says that a file is empty, cut off or no text', async () => {
    await expect(readJsonFile(await fileWith(''))).rejects.toThrow(/config\.json is empty/);
    const cut = readJsonFile(await fileWith('{"a": '));
    await expect(cut).rejects.toThrow(FormatError);
    await expect(cut).rejects.toThrow(/config\.json is not JSON \(.+\)\. Download it again\./);
    await expect(readJsonFile(await fileWith(Uint8Array.of(0x7b, 0xff)))).rejects.toThrow(/is not UTF-8 text/);
  });

  it('says that a file is missing or a folder', async () => {
    const folder = await temporaryFolder();
    await expect(readJsonFile(join(folder, 'x.json'))).rejects.toThrow(StorageError);
    await expect(readJsonFile(folder)).rejects.toThrow(/it is a folder, not a file/);
  });
});
