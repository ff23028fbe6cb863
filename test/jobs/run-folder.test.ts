import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutputBusyError, StorageError } from '#contract/errors.ts';
import { checkRunFolder, makeRunFolder } from '#jobs/run-folder.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

describe('checkRunFolder', () => {
  it('takes a folder that is not there, is empty, or holds other things', async () => {
    const dir = await temporaryFolder();
    await expect(checkRunFolder(join(dir, 'none'), false)).resolves.toBeUndefined();
    await expect(checkRunFolder(dir, false)).resolves.toBeUndefined();
    await writeFile(join(dir, 'notes.txt'), '');
    await writeFile(join(dir, 'my-checkpoint-3'), '');
    await expect(checkRunFolder(dir, false)).resolves.toBeUndefined();
  });

  it.each(['run.json', 'metrics.jsonl', 'adapter_config.json', 'adapter_model.safetensors', 'checkpoint-12'])(
    'knows a run by its %s, which only a resume may use',
    async (name) => {
      const dir = await temporaryFolder();
      await writeFile(join(dir, name), '');
      const start = checkRunFolder(dir, false);
      await expect(start).rejects.toThrow(OutputBusyError);
      await expect(start).rejects.toThrow(`${dir} already holds a run. Continue it with --resume, or choose another output folder.`);
      await expect(checkRunFolder(dir, true)).resolves.toBeUndefined();
    },
  );

  it('has nothing to resume in any other folder', async () => {
    const dir = await temporaryFolder();
    await expect(checkRunFolder(dir, true)).rejects.toThrow(`${dir} holds no run to resume. Leave --resume out to start one.`);
    await expect(checkRunFolder(join(dir, 'none'), true)).rejects.toThrow(OutputBusyError);
  });

  it('tells a file from a folder, and from a file on the way', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(checkRunFolder(file, false)).rejects.toThrow(StorageError);
    await expect(checkRunFolder(file, false)).rejects.toThrow(`${file} is a file; the output must be a folder.`);
    await expect(checkRunFolder(join(file, 'below'), false)).rejects.toThrow(/below: a part of its path is a file, not a folder\. Check/);
  });
});

describe('makeRunFolder', () => {
  it('makes what is missing, and removes it again while it is empty', async () => {
    const dir = await temporaryFolder();
    const undo = await makeRunFolder(join(dir, 'a/b/c'));
    expect(await readdir(join(dir, 'a/b'))).toEqual(['c']);
    await undo();
    expect(await readdir(dir)).toEqual([]);
  });

  it('removes nothing that holds something, or was there before', async () => {
    const dir = await temporaryFolder();
    const used = await makeRunFolder(join(dir, 'a/b'));
    await writeFile(join(dir, 'a/b/run.json'), '');
    await used();
    expect(await readdir(join(dir, 'a/b'))).toEqual(['run.json']);
    const beside = await makeRunFolder(join(dir, 'x/y'));
    await mkdir(join(dir, 'x/other'));
    await beside();
    expect(await readdir(join(dir, 'x'))).toEqual(['other']);
    await (
      await makeRunFolder(join(dir, 'x/other'))
    )();
    expect(await readdir(join(dir, 'x'))).toEqual(['other']);
  });

  it('refuses a file', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(makeRunFolder(file)).rejects.toThrow(`${file} is a file; the output must be a folder.`);
    await expect(makeRunFolder(join(file, 'below'))).rejects.toThrow(StorageError);
  });
});
