import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CancelledError, FormatError, StorageError } from '#contract/errors.ts';
import { checkModel, openModel } from '#jobs/open-model.ts';
import { alteredModel, modelWithConfig, modelWithWeights, Q_PROJ } from '#test/support/altered-model.ts';
import { fullDisk } from '#test/support/full-disk.ts';
import { float64Model } from '#test/support/float64-model.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';

const BF16 = join(import.meta.dirname, '../golden/logits/llama_gqa_bf16');

describe('openModel', () => {
  it('uses weights in place, under the names of the decoder', async () => {
    const model = await openModel(BASE_MODEL, { cacheDir: await temporaryFolder() });
    expect(model).toMatchObject({ dir: BASE_MODEL, config: { architecture: 'llama', vocabSize: 259 }, cacheFile: null });
    expect(model.weights.get(Q_PROJ)).toMatchObject({ file: join(BASE_MODEL, 'model.safetensors'), byteLength: 4096 });
    expect(model.linear.get('model.layers.1.mlp.down_proj')).toEqual({ in: 64, out: 32 });
    const half = await openModel(BF16, { cacheDir: await temporaryFolder() });
    expect(half.cacheFile).toBe(null);
    expect(half.weights.get(Q_PROJ)).toMatchObject({ file: join(BF16, 'model.safetensors'), dtype: 'bfloat16' });
  });

  it('converts others into the cache, with progress', async () => {
    const cacheDir = await temporaryFolder();
    const progress: { bytesDone: number; bytesTotal: number }[] = [];
    const model = await openModel(await float64Model(BF16), { cacheDir, onProgress: (report) => progress.push({ ...report }) });
    expect(model.cacheFile).toBe(join(cacheDir, `${model.hash}.safetensors`));
    expect(new Set([...model.weights.values()].map(({ file }) => file))).toEqual(new Set([model.cacheFile]));
    expect(progress.at(-1)?.bytesDone).toBe(progress.at(-1)?.bytesTotal);
  });

  it('has a hash that follows the content, not the time or place', async () => {
    const hash = async (dir: string) => (await openModel(dir, { cacheDir: await temporaryFolder() })).hash;
    const original = await hash(BASE_MODEL);
    const copy = await alteredModel((dir) => utimes(join(dir, 'model.safetensors'), 1, 1));
    expect(await hash(copy)).toBe(original);
    expect(await hash(await modelWithConfig({ rms_norm_eps: 1e-5 }))).not.toBe(original);
    const changed = await modelWithWeights((header, data) => data.setFloat32(header[Q_PROJ]!.data_offsets[0], 0.5, true));
    expect(await hash(changed)).not.toBe(original);
  });

  it('can be stopped, and can run out of disk', async () => {
    const cacheDir = await temporaryFolder();
    await expect(openModel(BF16, { cacheDir, signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    await expect(openModel(await float64Model(BF16), { cacheDir, writeChunk: fullDisk(2) })).rejects.toThrow(StorageError);
  });
});

describe('checkModel', () => {
  it('finds what is wrong without reading a weight', async () => {
    const quantised = await modelWithWeights((header) => (header[Q_PROJ]!.dtype = 'I32'));
    await expect(checkModel(quantised)).rejects.toThrow(`tensor "${Q_PROJ}" is of type I32; expected F32, BF16 or F16.`);
    const narrow = await modelWithWeights((header) => (header[Q_PROJ]!.shape = [16, 64]));
    await expect(checkModel(narrow)).rejects.toThrow(FormatError);
    const empty = await alteredModel((dir) => rm(join(dir, 'config.json')));
    await expect(checkModel(empty)).rejects.toThrow('config.json');
  });

  it('does not mind tensors that the decoder has no use for', async () => {
    const withBuffer = await modelWithWeights((header) => {
      const end = Math.max(...Object.values(header).flatMap(({ data_offsets: offsets }) => offsets ?? []));
      header['model.position_ids'] = { dtype: 'I64', shape: [0], data_offsets: [end, end] };
    });
    expect((await checkModel(withBuffer)).config.layerCount).toBe(2);
  });
});
