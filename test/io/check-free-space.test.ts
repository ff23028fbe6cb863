import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { StorageError } from '#contract/errors.ts';
import { checkFreeSpace, freeBytesOf } from '#io/check-free-space.ts';

describe('checking the free space', () => {
  const need = { folder: '/cache', neededBytes: 4.4e9, purpose: 'Converting the model' };

  it('names what is needed and what is free when a disk is too small', async () => {
    const checking = checkFreeSpace(need, async () => 312_000_000);
    await expect(checking).rejects.toThrow(StorageError);
    await expect(checking).rejects.toThrow('Converting the model needs 4.4 GB on the disk of /cache, but only 312.0 MB are free.');
  });

  it('passes when there is just enough, or when the system does not say', async () => {
    await expect(checkFreeSpace(need, async () => 4.4e9)).resolves.toBeUndefined();
    await expect(checkFreeSpace(need, async () => null)).resolves.toBeUndefined();
  });

  it('asks the system', async () => {
    expect(await freeBytesOf(tmpdir())).toBeGreaterThan(0);
    expect(await freeBytesOf('/no/such/folder')).toBeNull();
  });
});
