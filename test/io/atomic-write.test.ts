import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CancelledError, InternalError, StorageError } from '#contract/errors.ts';
import { writeFileAtomically, writeStreamAtomically, type ChunkWriter } from '#io/atomic-write.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const chunk = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Takes `room` chunks, then behaves like a full disk. */
function diskWithRoomFor(room: number, code = 'ENOSPC'): ChunkWriter {
  let written = 0;
  return async (handle, bytes) => {
    written += 1;
    if (written > room) throw Object.assign(new Error(`${code}: write`), { code, syscall: 'write', errno: -28 });
    await handle.write(bytes);
  };
}

describe('writing a file atomically', () => {
  it('writes text and bytes, and leaves only the file', async () => {
    const folder = await temporaryFolder();
    await writeFileAtomically(join(folder, 'a.txt'), 'grüße');
    await writeFileAtomically(join(folder, 'b.bin'), Uint8Array.of(0, 255));
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('grüße');
    expect([...(await readFile(join(folder, 'b.bin')))]).toEqual([0, 255]);
    expect((await readdir(folder)).sort()).toEqual(['a.txt', 'b.bin']);
  });

  it('replaces an existing file', async () => {
    const path = join(await temporaryFolder(), 'a.txt');
    await writeFile(path, 'a longer old text');
    await writeFileAtomically(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it('lets a source reuse its buffer, because each chunk is written before the next is asked for', async () => {
    const path = join(await temporaryFolder(), 'a.bin');
    async function* source(): AsyncGenerator<Uint8Array> {
      const buffer = new Uint8Array(2);
      for (let i = 0; i < 3; i += 1) yield buffer.fill(i);
    }
    await writeStreamAtomically(path, source());
    expect([...(await readFile(path))]).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('keeps the old file and removes the temporary one when the disk fills up in the middle', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a.txt');
    await writeFile(path, 'old');
    const writing = writeStreamAtomically(path, [chunk('one'), chunk('two'), chunk('three')], { writeChunk: diskWithRoomFor(2) });
    await expect(writing).rejects.toThrow(StorageError);
    await expect(writing).rejects.toThrow(`Could not write ${path}: the disk is full. Free some space, then try again.`);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('names a reason it has no words for', async () => {
    const path = join(await temporaryFolder(), 'a.txt');
    await expect(writeFileAtomically(path, 'x', { writeChunk: diskWithRoomFor(0, 'EWEIRD') })).rejects.toThrow(/the system says EWEIRD/);
  });

  it('says that the folder does not exist, or may not be written to', async () => {
    const folder = await temporaryFolder();
    await expect(writeFileAtomically(join(folder, 'missing', 'a.txt'), 'x')).rejects.toThrow(/it does not exist/);
    if (process.getuid?.() === 0 || process.platform === 'win32') return;
    await mkdir(join(folder, 'locked'));
    await chmod(join(folder, 'locked'), 0o500);
    await expect(writeFileAtomically(join(folder, 'locked', 'a.txt'), 'x')).rejects.toThrow(/there is no permission/);
  });

  it('passes on the error of its source and leaves nothing behind', async () => {
    const folder = await temporaryFolder();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield chunk('one');
      throw new InternalError('source failed');
    }
    await expect(writeStreamAtomically(join(folder, 'a.txt'), source())).rejects.toThrow('source failed');
    expect(await readdir(folder)).toEqual([]);
  });

  it('stops between chunks when it is cancelled and leaves nothing behind', async () => {
    const folder = await temporaryFolder();
    const controller = new AbortController();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield chunk('one');
      controller.abort();
      yield chunk('two');
    }
    await expect(writeStreamAtomically(join(folder, 'a.txt'), source(), { signal: controller.signal })).rejects.toThrow(CancelledError);
    expect(await readdir(folder)).toEqual([]);
  });
});
