import { createHash } from 'node:crypto';
import { appendFile, copyFile, cp, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError } from '#contract/errors.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { ensureMappedWeights, type WeightCacheOptions } from '#io/mapped-weights.ts';
import { float64Model } from '#test/support/float64-model.ts';
import { half, modelWith, single, type StoredTensor } from '#test/support/small-model.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const BF16 = 'test/golden/logits/llama_gqa_bf16';
const F32 = 'test/golden/trl/base';

async function ensure(dir: string, options: WeightCacheOptions) {
  return ensureMappedWeights(await openModelFolder(dir), options);
}

/** Files in the cache folder itself, finished or not. */
async function filesIn(cacheDir: string): Promise<readonly string[]> {
  return (await readdir(cacheDir)).filter((name) => name !== 'hashes');
}

/** Counts the bytes that a call reads of the weights. */
function countBytes() {
  const seen = { done: 0, total: 0, calls: 0 };
  const onProgress: NonNullable<WeightCacheOptions['onProgress']> = ({ bytesDone, bytesTotal }) => {
    expect(bytesDone).toBeGreaterThan(seen.done);
    expect(bytesDone).toBeLessThanOrEqual(bytesTotal);
    Object.assign(seen, { done: bytesDone, total: bytesTotal, calls: seen.calls + 1 });
  };
  return { seen, onProgress };
}

describe('the hash of a model', () => {
  it('depends on the weights and the configuration, not on the folder', async () => {
    const cacheDir = await temporaryFolder();
    const copy = await temporaryFolder();
    await cp(F32, copy, { recursive: true });
    const { modelHash } = await ensure(F32, { cacheDir });
    expect((await ensure(copy, { cacheDir })).modelHash).toBe(modelHash);
    await appendFile(join(copy, 'config.json'), ' ');
    const otherConfig = (await ensure(copy, { cacheDir })).modelHash;
    expect(otherConfig).not.toBe(modelHash);
    const weights = await readFile(join(copy, 'model.safetensors'));
    weights.writeUInt8(weights.readUInt8(weights.length - 4) ^ 1, weights.length - 4);
    await writeFile(join(copy, 'model.safetensors'), weights);
    expect((await ensure(copy, { cacheDir })).modelHash).not.toBe(otherConfig);
  });

  it('covers every byte of the file', async () => {
    const cacheDir = await temporaryFolder();
    const dir = await modelWith({ a: single(1), b: half(0x3f80), c: { dtype: 'I64', shape: [0], values: new BigInt64Array(0) } }, 3);
    await ensure(dir, { cacheDir });
    const [memo] = await readdir(join(cacheDir, 'hashes'));
    const noted = JSON.parse(await readFile(join(cacheDir, 'hashes', memo ?? ''), 'utf8')) as { sha256: string };
    expect(noted.sha256).toBe(
      createHash('sha256')
        .update(await readFile(join(dir, 'model.safetensors')))
        .digest('hex'),
    );
  });

  it('is read from a note the next time, and progress tells so', async () => {
    const cacheDir = await temporaryFolder();
    const first = countBytes();
    const { modelHash } = await ensure(F32, { cacheDir, onProgress: first.onProgress });
    const { size } = await stat(join(F32, 'model.safetensors'));
    expect(first.seen).toMatchObject({ done: size, total: size });
    const second = countBytes();
    expect((await ensure(F32, { cacheDir, onProgress: second.onProgress })).modelHash).toBe(modelHash);
    expect(second.seen.calls).toBe(0);
  });

  it('is computed again when the file changed, even to one of the same size and time, or when the note is damaged', async () => {
    const cacheDir = await temporaryFolder();
    const dir = await modelWith({ a: single(1, 2) });
    const file = join(dir, 'model.safetensors');
    const { mtime } = await stat(file);
    const { modelHash } = await ensure(dir, { cacheDir });
    await copyFile(join(await modelWith({ a: single(1, 3) }), 'model.safetensors'), file);
    await utimes(file, mtime, mtime);
    const changed = await ensure(dir, { cacheDir });
    expect(changed.modelHash).not.toBe(modelHash);
    const [memo] = await readdir(join(cacheDir, 'hashes'));
    for (const damage of ['', '{}', 'null', '{"version": 2}']) {
      await writeFile(join(cacheDir, 'hashes', memo ?? ''), damage);
      expect((await ensure(dir, { cacheDir })).modelHash).toBe(changed.modelHash);
    }
  });

  it('progress covers hashing and converting, and ends at its total when the cache turns out to exist', async () => {
    const cacheDir = await temporaryFolder();
    const model = await float64Model(BF16);
    const copy = await temporaryFolder();
    await cp(model, copy, { recursive: true });
    const fileBytes = (await stat(join(model, 'model.safetensors'))).size;
    const first = countBytes();
    await ensure(model, { cacheDir, onProgress: first.onProgress });
    expect(first.seen.total).toBeGreaterThan(1.9 * fileBytes);
    expect(first.seen.done).toBe(first.seen.total);
    const second = countBytes();
    expect((await ensure(copy, { cacheDir, onProgress: second.onProgress })).converted).toBe(false);
    expect(second.seen.done).toBe(second.seen.total);
  });
});

describe('weights that are not finite', () => {
  it.each([
    {
      what: 'NaN in float32',
      tensors: { ok: single(1), bad: single(1, Number.NaN) },
      message: /tensor "bad" holds NaN \(not a number\) at position 1/,
    },
    {
      what: 'infinity in bfloat16',
      tensors: { ok: half(0), bad: half(0, 0, 0xff80) },
      message: /tensor "bad" holds an infinite number at position 2/,
    },
    {
      what: 'NaN in float16',
      tensors: { bad: { dtype: 'F16', shape: [1], values: Uint16Array.of(0x7e00) } },
      message: /tensor "bad" holds NaN/,
    },
    {
      what: 'a float64 too large for float32',
      tensors: { bad: { dtype: 'F64', shape: [1], values: Float64Array.of(1e39) } },
      message: /"bad" holds an infinite/,
    },
  ] satisfies { what: string; tensors: Readonly<Record<string, StoredTensor>>; message: RegExp }[])(
    'are refused: $what; every time, and nothing is left in the cache',
    async ({ tensors, message }) => {
      const cacheDir = await temporaryFolder();
      const dir = await modelWith(tensors);
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const ensuring = ensure(dir, { cacheDir });
        await expect(ensuring).rejects.toThrow(FormatError);
        await expect(ensuring).rejects.toThrow(message);
        expect(await filesIn(cacheDir)).toEqual([]);
      }
    },
  );
});
