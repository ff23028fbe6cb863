import { copyFile, cp, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CancelledError, StorageError } from '#contract/errors.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { readFloat32At } from '#io/safetensors/read-tensor.ts';
import { temporaryPathFor } from '#io/temporary-file.ts';
import { ensureMappedWeights, type WeightCacheOptions } from '#io/mapped-weights.ts';
import { float64Model } from '#test/support/float64-model.ts';
import { half, modelWith, single, type StoredTensor } from '#test/support/small-model.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const BF16 = 'test/golden/logits/llama_gqa_bf16';
const F64 = await float64Model(BF16);
const F32 = 'test/golden/trl/base';

async function ensure(dir: string, options: WeightCacheOptions) {
  return ensureMappedWeights(await openModelFolder(dir), options);
}

/** Files in the cache folder itself, finished or not. */
async function filesIn(cacheDir: string): Promise<readonly string[]> {
  return (await readdir(cacheDir)).filter((name) => name !== 'hashes');
}

const fullDisk = (code = 'ENOSPC'): ChunkWriter => {
  let chunks = 0;
  return async (handle, bytes) => {
    chunks += 1;
    if (chunks > 3) throw Object.assign(new Error(code), { code, syscall: 'write' });
    await handle.write(bytes);
  };
};

describe('mapped weights', () => {
  it.each([F32, BF16])('are used in place: %s', async (dir) => {
    const cacheDir = await temporaryFolder();
    const { tensors, converted, cacheFile, modelHash } = await ensure(dir, { cacheDir });
    expect(tensors).toEqual((await openModelFolder(dir)).tensors);
    expect({ converted, cacheFile }).toEqual({ converted: false, cacheFile: null });
    expect(modelHash).toMatch(/^[0-9a-f]{64}$/);
    expect(await filesIn(cacheDir)).toEqual([]);
  });

  it('are converted from float64 once, and aligned', async () => {
    const cacheDir = join(await temporaryFolder(), 'made', 'here');
    const first = await ensure(F64, { cacheDir });
    expect(first.converted).toBe(true);
    expect(first.cacheFile).toBe(join(cacheDir, `${first.modelHash}.safetensors`));
    const source = await openModelFolder(F64);
    expect([...first.tensors.keys()].sort()).toEqual([...source.tensors.keys()].sort());
    for (const [name, location] of source.tensors) {
      const converted = first.tensors.get(name);
      expect(converted).toMatchObject({ file: first.cacheFile, dtype: 'F32', shape: location.shape });
      expect(converted!.byteOffset % 64).toBe(0);
      expect(await readFloat32At(converted!)).toEqual(await readFloat32At(location));
    }
    const again = await ensure(F64, { cacheDir });
    expect(again).toEqual({ ...first, converted: false });
  });

  it('are of every type whose numbers float32 holds; float64 beside them is converted, integers are left out', async () => {
    const dir = await modelWith({
      a: half(0x3f80, 0xc000),
      b: single(3, 4),
      c: { dtype: 'F16', shape: [2], values: Uint16Array.of(0x4500, 1) },
      d: { dtype: 'F64', shape: [1, 1], values: Float64Array.of(0.1) },
      e: { dtype: 'I64', shape: [1], values: BigInt64Array.of(7n) },
    });
    const { tensors, notFloat, cacheFile } = await ensure(dir, { cacheDir: await temporaryFolder() });
    const values = Object.fromEntries(await Promise.all([...tensors].map(async ([name, at]) => [name, [...(await readFloat32At(at))]])));
    expect(values).toEqual({ a: [1, -2], b: [3, 4], c: [5, 2 ** -24], d: [Math.fround(0.1)] });
    for (const name of ['a', 'b', 'c']) expect(tensors.get(name)?.file).toBe(join(dir, 'model.safetensors'));
    expect(tensors.get('d')?.file).toBe(cacheFile);
    expect([...notFloat.keys()]).toEqual(['e']);
  });

  it('are copied to the cache when their bytes do not begin at a multiple of their size', async () => {
    for (let pad = 0; pad < 4; pad += 1) {
      const dir = await modelWith({ a: single(1, 2, 3) }, pad);
      const inPlace = (await openModelFolder(dir)).tensors.get('a')!.byteOffset % 4 === 0;
      const { tensors, converted } = await ensure(dir, { cacheDir: await temporaryFolder() });
      expect(converted).toBe(!inPlace);
      expect(tensors.get('a')!.byteOffset % 4).toBe(0);
      expect([...(await readFloat32At(tensors.get('a')!))]).toEqual([1, 2, 3]);
    }
  });

  it('keep the alignment of 64 when a tensor of an odd size lies among them', async () => {
    const double = (...values: number[]): StoredTensor => ({ dtype: 'F64', shape: [values.length], values: Float64Array.from(values) });
    const wide = () => double(...Array.from({ length: 16 }, () => 1));
    const { tensors } = await ensure(await modelWith({ a: double(1), b: wide(), c: double(2), d: wide() }), {
      cacheDir: await temporaryFolder(),
    });
    expect(['b', 'd'].map((name) => tensors.get(name)!.byteOffset % 64)).toEqual([0, 0]);
    expect([...tensors.values()].every(({ byteOffset }) => byteOffset % 4 === 0)).toBe(true);
    expect([...(await readFloat32At(tensors.get('c')!))]).toEqual([2]);
  });

  it('are converted in pieces, so that a tensor larger than a piece comes out whole', async () => {
    const count = 1024 * 1024 + 3;
    const values = Float64Array.from({ length: count }, (_, i) => i % 127);
    const dir = await modelWith({ a: { dtype: 'F64', shape: [count], values } });
    let largest = 0;
    const writeChunk: ChunkWriter = async (handle, bytes) => {
      largest = Math.max(largest, bytes.length);
      await handle.write(bytes);
    };
    const { tensors } = await ensure(dir, { cacheDir: await temporaryFolder(), writeChunk });
    const converted = await readFloat32At(tensors.get('a')!);
    expect(converted.length).toBe(count);
    expect(converted.findIndex((value, i) => value !== values[i])).toBe(-1);
    expect(largest).toBeLessThanOrEqual(8 * 1024 * 1024);
  });

  it('can not be made from 8-bit floats', async () => {
    const dir = await modelWith({ a: { dtype: 'F8_E4M3', shape: [2], values: Uint8Array.of(1, 2) } });
    await expect(ensure(dir, { cacheDir: await temporaryFolder() })).rejects.toThrow(
      /tensor "a" is stored as F8_E4M3, which can't be trained from/,
    );
  });
});

describe('the weight cache', () => {
  it('is made anew when its file is cut off, damaged or of another model', async () => {
    const cacheDir = await temporaryFolder();
    const { cacheFile } = await ensure(F64, { cacheDir });
    const right = await readFile(cacheFile!);
    const other = await ensure(await float64Model('test/golden/logits/llama_linear_rope_bias'), { cacheDir });
    const damages = [
      () => truncate(cacheFile!, right.length - 1),
      () => writeFile(cacheFile!, ''),
      () => copyFile(other.cacheFile!, cacheFile!),
      () => writeFile(cacheFile!, Buffer.concat([right, Buffer.of(0)])),
    ];
    for (const damage of damages) {
      await damage();
      expect((await ensure(F64, { cacheDir })).converted).toBe(true);
      expect(right.equals(await readFile(cacheFile!))).toBe(true);
    }
  });

  it('says that the disk is full, leaves nothing behind, and succeeds once there is room', async () => {
    const cacheDir = await temporaryFolder();
    const ensuring = ensure(F64, { cacheDir, writeChunk: fullDisk() });
    await expect(ensuring).rejects.toThrow(StorageError);
    await expect(ensuring).rejects.toThrow(/\.safetensors: the disk is full/);
    expect(await filesIn(cacheDir)).toEqual([]);
    expect((await ensure(F64, { cacheDir })).converted).toBe(true);
  });

  it('says before it starts that there is too little space', async () => {
    const cacheDir = await temporaryFolder();
    const ensuring = ensure(F64, { cacheDir, freeBytes: async () => 1000 });
    await expect(ensuring).rejects.toThrow(/^Converting .*to float32 needs 0\.4 MB on the disk of .*, but only 0\.0 MB are free/);
    expect(await filesIn(cacheDir)).toEqual([]);
  });

  it('stops when it is cancelled, while hashing and while converting, and leaves nothing behind', async () => {
    const fileBytes = (await stat(join(F64, 'model.safetensors'))).size;
    for (const stopAt of [1, fileBytes + 1]) {
      const cacheDir = await temporaryFolder();
      const controller = new AbortController();
      const ensuring = ensure(F64, {
        cacheDir,
        signal: controller.signal,
        onProgress: ({ bytesDone }) => bytesDone >= stopAt && controller.abort(),
      });
      await expect(ensuring).rejects.toThrow(CancelledError);
      expect(await filesIn(cacheDir)).toEqual([]);
    }
  });

  it('removes what a process that died left behind', async () => {
    const cacheDir = await temporaryFolder();
    // Above the largest process number of any system.
    const leftover = temporaryPathFor(join(cacheDir, 'x')).replace(`-${process.pid}-`, '-4194999-');
    await writeFile(leftover, 'half a file');
    const { cacheFile } = await ensure(F64, { cacheDir });
    expect(await filesIn(cacheDir)).toEqual([basename(cacheFile!)]);
  });

  it('can be made by several callers at once', async () => {
    const cacheDir = await temporaryFolder();
    const results = await Promise.all(Array.from({ length: 4 }, () => ensure(F64, { cacheDir })));
    const reference = await readFloat32At((await openModelFolder(F64)).tensors.get('lm_head.weight')!);
    for (const { tensors } of results) expect(await readFloat32At(tensors.get('lm_head.weight')!)).toEqual(reference);
    expect(await filesIn(cacheDir)).toHaveLength(1);
  });

  it('uses the file another process finished when its own can not replace it', async () => {
    const cacheDir = await temporaryFolder();
    const { cacheFile } = await ensure(F64, { cacheDir: await temporaryFolder() });
    let copied = false;
    const writeChunk: ChunkWriter = async () => {
      if (!copied) await copyFile(cacheFile!, join(cacheDir, basename(cacheFile!)));
      copied = true;
      throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'rename' });
    };
    const { tensors } = await ensure(F64, { cacheDir, writeChunk });
    expect(tensors.get('lm_head.weight')?.file.startsWith(cacheDir)).toBe(true);
  });

  it('is not filed under a hash that the weights no longer have', async () => {
    const cacheDir = await temporaryFolder();
    const dir = await temporaryFolder();
    await cp(F64, dir, { recursive: true });
    const file = join(dir, 'model.safetensors');
    const { size } = await stat(file);
    let chunks = 0;
    const writeChunk: ChunkWriter = async (handle, bytes) => {
      chunks += 1;
      if (chunks === 5) {
        const source = await open(file, 'r+');
        await source.write(Uint8Array.of(1), 0, 1, size - 1);
        await source.close();
      }
      await handle.write(bytes);
    };
    const ensuring = ensure(dir, { cacheDir, writeChunk });
    await expect(ensuring).rejects.toThrow(/model\.safetensors changed while it was converted/);
    expect(await filesIn(cacheDir)).toEqual([]);
  });

  it('says that its folder can not be made', async () => {
    const file = resolve(await temporaryFolder(), 'a-file');
    await writeFile(file, 'x');
    await expect(ensure(F32, { cacheDir: join(file, 'cache') })).rejects.toThrow(StorageError);
  });
});
