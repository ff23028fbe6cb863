import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StorageError } from '#contract/errors.ts';
import type { ReferenceLogProbs } from '#engine/train/method.ts';
import { readReferences, writeReferences } from '#jobs/reference-file.ts';
import { fullDisk } from '#test/support/full-disk.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const FILE = 'reference_logps.safetensors';
/** As the runtime gives them: float32 numbers, NaN where there is none. */
const floats = (...values: number[]) => Float64Array.from(values, Math.fround);
const kto: ReferenceLogProbs = {
  train: floats(-1 / 3, -20.1, 0),
  trainPartners: floats(-7.7, Number.NaN, -1e-30),
  evaluation: floats(-4.2),
  evaluationPartners: floats(-5.1),
};
const dpo: ReferenceLogProbs = { train: floats(-1, -2), trainPartners: null, evaluation: null, evaluationPartners: null };

describe('reference log-probabilities', () => {
  it.each([kto, dpo])('are read back to the last bit: %#', async (references) => {
    const dir = await temporaryFolder();
    await writeReferences(dir, { key: 'k', references });
    expect(await readReferences(dir, 'k')).toEqual(references);
  });

  it('are none for another key, a damaged file, or no file', async () => {
    const dir = await temporaryFolder();
    expect(await readReferences(dir, 'k')).toBeNull();
    await writeReferences(dir, { key: 'k', references: kto });
    expect(await readReferences(dir, 'other')).toBeNull();
    await truncate(join(dir, FILE), (await readFile(join(dir, FILE))).length - 1);
    expect(await readReferences(dir, 'k')).toBeNull();
    await writeFile(join(dir, FILE), 'text');
    expect(await readReferences(dir, 'k')).toBeNull();
  });

  it('are not half-written where the disk is full', async () => {
    const dir = await temporaryFolder();
    const writing = writeReferences(dir, { key: 'k', references: kto }, { writeChunk: fullDisk(2) });
    await expect(writing).rejects.toThrow(StorageError);
    await expect(writing).rejects.toThrow(/reference_logps\.safetensors: the disk is full/);
    expect(await readdir(dir)).toEqual([]);
  });
});
