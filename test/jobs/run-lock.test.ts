import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutputBusyError, StorageError } from '#contract/errors.ts';
import { lockRunFolder, refuseIfLocked } from '#jobs/run-lock.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const LOCK = '.prospect-lock';
const own = { pid: process.pid, host: hostname(), started: null, id: 'another-run' };

/** A folder with a lock that says this. */
async function lockedBy(content: unknown): Promise<string> {
  const dir = await temporaryFolder();
  await writeFile(join(dir, LOCK), typeof content === 'string' ? content : JSON.stringify(content));
  return dir;
}

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('lockRunFolder', () => {
  it('keeps a second run out, names its process, and lets it in afterwards', async () => {
    const dir = await temporaryFolder();
    const unlock = await lockRunFolder(dir);
    const second = lockRunFolder(dir);
    await expect(second).rejects.toThrow(OutputBusyError);
    await expect(second).rejects.toThrow(
      `Another run (process ${process.pid}) is writing to ${dir}. Wait for it, or choose another output folder. If it ended long ago, delete ${join(dir, LOCK)}.`,
    );
    await expect(refuseIfLocked(dir)).rejects.toThrow(OutputBusyError);
    await unlock();
    await expect(refuseIfLocked(dir)).resolves.toBeUndefined();
    await (
      await lockRunFolder(dir)
    )();
    expect(await readdir(dir)).toEqual([]);
  });

  it('respects another living process, and one on another machine', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore' });
    try {
      const alive = await lockedBy({ ...own, pid: child.pid });
      await expect(lockRunFolder(alive)).rejects.toThrow(`(process ${child.pid}) is writing to`);
    } finally {
      child.kill('SIGKILL');
    }
    const elsewhere = await lockedBy({ ...own, pid: 1, host: 'elsewhere' });
    await expect(lockRunFolder(elsewhere)).rejects.toThrow('(process 1 on elsewhere) is writing to');
  });

  it.each([
    ['of a process that has ended', async () => ({ ...own, pid: await deadPid() })],
    ['of an earlier process with the number of this one', () => Promise.resolve(own)],
  ])('takes over the lock %s', async (_, owner) => {
    const dir = await lockedBy(await owner());
    const unlock = await lockRunFolder(dir);
    expect(JSON.parse(await readFile(join(dir, LOCK), 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
    expect(await readdir(dir)).toEqual([LOCK]);
    await unlock();
    expect(await readdir(dir)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('takes over the lock of a process whose number belongs to another one now', async () => {
    const dir = await lockedBy({ ...own, pid: process.ppid, started: '1' });
    await (
      await lockRunFolder(dir)
    )();
    expect(await readdir(dir)).toEqual([]);
  });

  it.each(['', '{"pid":', '{"pid":-1,"host":"h"}', 'text'])(
    'waits for a lock that is being written (%j), but not forever',
    async (content) => {
      const dir = await lockedBy(content);
      const now = lockRunFolder(dir);
      await expect(now).rejects.toThrow(OutputBusyError);
      await expect(now).rejects.toThrow(/has just started in .* try again in a few seconds\.$/);
      const longAgo = new Date(Date.now() - 60_000);
      await utimes(join(dir, LOCK), longAgo, longAgo);
      await (
        await lockRunFolder(dir)
      )();
      expect(await readdir(dir)).toEqual([]);
    },
  );

  it('lets one of many in, also where all find the same stale lock', async () => {
    const stale = { ...own, pid: await deadPid() };
    for (const dir of [await temporaryFolder(), ...(await Promise.all(Array.from({ length: 20 }, () => lockedBy(stale))))]) {
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockRunFolder(dir)));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const reasons: unknown[] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      expect(reasons.every((reason) => reason instanceof OutputBusyError)).toBe(true);
      expect(await readdir(dir)).toEqual([LOCK]);
    }
  });

  it('gets past a takeover that was killed', async () => {
    const dir = await lockedBy({ ...own, pid: await deadPid() });
    await writeFile(join(dir, `${LOCK}.takeover`), '');
    await expect(lockRunFolder(dir)).rejects.toThrow(/has just started/);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(join(dir, `${LOCK}.takeover`), longAgo, longAgo);
    await expect(lockRunFolder(dir)).rejects.toThrow(/try again in a few seconds/);
    await (
      await lockRunFolder(dir)
    )();
    expect(await readdir(dir)).toEqual([]);
  });

  it('says why a lock could not be written', async () => {
    const dir = join(await temporaryFolder(), 'missing');
    await expect(lockRunFolder(dir)).rejects.toThrow(StorageError);
    await expect(refuseIfLocked(dir)).resolves.toBeUndefined();
  });
});
