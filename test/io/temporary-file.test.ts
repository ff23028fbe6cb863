import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeStaleTemporaryFiles, temporaryPathFor } from '#io/temporary-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** The number of a process that has ended. */
async function deadProcessId(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('temporary files', () => {
  it('lie beside their target under a name of their own', () => {
    const path = join('folder', 'weights.safetensors');
    expect(dirname(temporaryPathFor(path))).toBe('folder');
    expect(temporaryPathFor(path)).not.toBe(temporaryPathFor(path));
  });

  it('are removed when the process that wrote them is gone, and only then', async () => {
    const folder = await temporaryFolder();
    const mine = basename(temporaryPathFor(join(folder, 'x')));
    const dead = mine.replace(`-${process.pid}-`, `-${await deadProcessId()}-`);
    const elsewhere = mine.replace(/^\.prospect-[A-Za-z0-9_]+-/, '.prospect-another_machine-');
    const names = [mine, dead, elsewhere, 'notes.tmp', '.prospect-settings'];
    for (const name of names) await writeFile(join(folder, name), 'x');
    expect(await removeStaleTemporaryFiles(folder)).toEqual([dead]);
    expect((await readdir(folder)).sort()).toEqual(names.filter((name) => name !== dead).sort());
  });

  it('are removed after a day without a write when their writer can not be asked', async () => {
    const folder = await temporaryFolder();
    const elsewhere = join(folder, '.prospect-another_machine-1-0123456789abcdef.tmp');
    await writeFile(elsewhere, 'x');
    const yesterday = new Date(Date.now() - 25 * 3600 * 1000);
    await utimes(elsewhere, yesterday, yesterday);
    expect(await removeStaleTemporaryFiles(folder)).toHaveLength(1);
  });

  it('are none in a folder that does not exist', async () => {
    expect(await removeStaleTemporaryFiles(join(await temporaryFolder(), 'missing'))).toEqual([]);
  });
});
