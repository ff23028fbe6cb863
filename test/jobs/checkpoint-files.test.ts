import { mkdir, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, StorageError } from '#contract/errors.ts';
import {
  newestCheckpointStep,
  readCheckpoint,
  readNewestCheckpoint,
  removeUnfinishedFiles,
  writeCheckpoint,
} from '#jobs/checkpoint-files.ts';
import { checkpointAt } from '#test/support/checkpoints.ts';
import { fullDisk } from '#test/support/full-disk.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const FILES = ['adapter_config.json', 'adapter_model.safetensors', 'optimizer.safetensors', 'trainer_state.json'];

async function withCheckpoints(...steps: number[]): Promise<string> {
  const dir = await temporaryFolder();
  for (const step of steps) await writeCheckpoint(dir, checkpointAt(step));
  return dir;
}

describe('a checkpoint', () => {
  it('is read back as it was written, to the last bit', async () => {
    const dir = await temporaryFolder();
    const written = await writeCheckpoint(dir, checkpointAt(3));
    expect(written).toBe(join(dir, 'checkpoint-3'));
    expect(await readdir(written)).toEqual(FILES);
    const { state, optimizer, adapter } = await readCheckpoint(written);
    const expected = checkpointAt(3);
    expect({ state, optimizer, tensors: adapter.tensors }).toEqual({
      state: expected.state,
      optimizer: expected.optimizer,
      tensors: expected.adapter.tensors,
    });
  });

  it('replaces all but the one before it', async () => {
    const dir = await withCheckpoints(1, 2, 9, 10, 11);
    expect(await readdir(dir)).toEqual(['checkpoint-10', 'checkpoint-11']);
    expect(await newestCheckpointStep(dir)).toBe(11);
    expect((await readNewestCheckpoint(dir))?.checkpoint.state.step).toBe(11);
  });

  it('replaces one of the same step, and later ones, which belong to steps made again', async () => {
    const dir = await withCheckpoints(4, 8);
    await rename(join(dir, 'checkpoint-8'), join(dir, 'checkpoint-6'));
    await writeCheckpoint(dir, checkpointAt(5));
    await writeCheckpoint(dir, checkpointAt(5));
    expect(await readdir(dir)).toEqual(['checkpoint-4', 'checkpoint-5']);
    expect((await readCheckpoint(join(dir, 'checkpoint-5'))).state.step).toBe(5);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'that no longer fits on the disk after %i chunks leaves the earlier ones alone, and no trace',
    async (fits) => {
      const dir = await withCheckpoints(1, 2);
      const writing = writeCheckpoint(dir, checkpointAt(3), { writeChunk: fullDisk(fits) });
      await expect(writing).rejects.toThrow(StorageError);
      await expect(writing).rejects.toThrow(/: the disk is full\. Free some space, then try again\.$/);
      expect(await readdir(dir)).toEqual(['checkpoint-1', 'checkpoint-2']);
      expect((await readNewestCheckpoint(dir))?.checkpoint).toMatchObject({ state: checkpointAt(2).state });
    },
  );

  it('cannot be written into a folder that is gone', async () => {
    const dir = join(await temporaryFolder(), 'gone');
    await expect(writeCheckpoint(dir, checkpointAt(1))).rejects.toThrow(/checkpoint-1: it does not exist/);
    await expect(readNewestCheckpoint(dir)).rejects.toThrow(StorageError);
    await expect(removeUnfinishedFiles(dir)).rejects.toThrow(StorageError);
  });
});

describe('readNewestCheckpoint', () => {
  it('finds none in a folder without', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'run.json'), '{}');
    await mkdir(join(dir, 'checkpoint-latest'));
    expect(await readNewestCheckpoint(dir)).toBeNull();
    expect(await newestCheckpointStep(dir)).toBeNull();
  });

  const damages: Record<string, (checkpoint: string) => Promise<unknown>> = {
    'lacks its state': (dir) => rm(join(dir, 'trainer_state.json')),
    'has half a state': (dir) => truncate(join(dir, 'trainer_state.json'), 100),
    'has an adapter cut off': (dir) => truncate(join(dir, 'adapter_model.safetensors'), 200),
    'lacks its optimizer': (dir) => rm(join(dir, 'optimizer.safetensors')),
    'has an optimizer cut off': (dir) => truncate(join(dir, 'optimizer.safetensors'), 150),
    'is empty': async (dir) => {
      await rm(dir, { recursive: true });
      await mkdir(dir);
    },
  };

  it.each(Object.keys(damages))('passes over one that %s', async (name) => {
    const dir = await withCheckpoints(1, 2);
    await damages[name]?.(join(dir, 'checkpoint-2'));
    const found = await readNewestCheckpoint(dir);
    expect(found).toMatchObject({ dir: join(dir, 'checkpoint-1'), damaged: [join(dir, 'checkpoint-2')] });
  });

  it('passes over one whose optimizer belongs to another adapter', async () => {
    const dir = await withCheckpoints(1);
    const other = checkpointAt(2);
    const { firstMoments, secondMoments } = other.optimizer;
    const longer = new Map([...firstMoments].map(([name]) => [name, new Float32Array(5)]));
    await writeCheckpoint(dir, { ...other, optimizer: { step: 2, firstMoments: longer, secondMoments } });
    const second = readCheckpoint(join(dir, 'checkpoint-2'));
    await expect(second).rejects.toThrow(FormatError);
    await expect(second).rejects.toThrow(/optimizer\.safetensors has no moments of 6 elements for .*q_proj\.lora_A\.weight/);
    expect((await readNewestCheckpoint(dir))?.checkpoint.state.step).toBe(1);
  });

  it('says so where none is whole', async () => {
    const dir = await withCheckpoints(1, 2);
    for (const name of await readdir(dir)) await truncate(join(dir, name, 'trainer_state.json'), 10);
    const reading = readNewestCheckpoint(dir);
    await expect(reading).rejects.toThrow(FormatError);
    await expect(reading).rejects.toThrow(/^No checkpoint in .* can be read\. .*checkpoint-2.* start a new run in another folder\.$/);
  });
});

describe('removeUnfinishedFiles', () => {
  it('removes what killed processes left, and nothing else', async () => {
    const dir = await withCheckpoints(1);
    await mkdir(join(dir, '.unfinished-0b8c'));
    await writeFile(join(dir, '.unfinished-0b8c/adapter_model.safetensors'), 'half');
    await writeFile(join(dir, '.hidden'), '');
    await removeUnfinishedFiles(dir);
    expect(await readdir(dir)).toEqual(['.hidden', 'checkpoint-1']);
  });
});
