import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { float16ToFloat32, float32ToFloat16 } from '#engine/tensor/convert-half.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { writeModelFolder } from '#io/write-model-folder.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const rounded = (value: number): number => {
  const [half, back] = [new Uint16Array(1), new Float32Array(1)];
  float32ToFloat16(Float32Array.of(value), half);
  float16ToFloat32(half, back);
  return back[0] as number;
};

describe('rounding to float16', () => {
  it('leaves every float16 as it is', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
    const [single, back] = [new Float32Array(65_536), new Uint16Array(65_536)];
    float16ToFloat32(all, single);
    float32ToFloat16(single, back);
    const isNaN16 = (bits: number) => (bits & 0x7fff) > 0x7c00;
    expect([...back].filter((bits, i) => bits !== all[i] && !(isNaN16(bits) && isNaN16(all[i] as number)))).toEqual([]);
  });

  it('goes to the nearest, of two equally near ones to the even', () => {
    expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -11 + 2 ** -20, 2049, 2051].map(rounded)).toEqual([
      1,
      1 + 2 ** -9,
      1 + 2 ** -10,
      2048,
      2052,
    ]);
    expect([2 ** -25, 2 ** -25 + 2 ** -40, 3 * 2 ** -25, 5e-8, 0].map(rounded)).toEqual([0, 2 ** -24, 2 ** -23, 2 ** -24, 0]);
    expect([65_519, 65_520, -1e9, Infinity].map(rounded)).toEqual([65_504, Infinity, -Infinity, -Infinity * -1]);
    expect(rounded(Number.NaN)).toBeNaN();
    expect(Object.is(rounded(-1e-12), -0)).toBe(true);
  });
});

it('a model folder holds its files, weights in float16', async () => {
  const dir = await temporaryFolder();
  const weights = new Map([['a.weight', { shape: [2, 2], values: Float32Array.of(1, -0.5, 3.25, 1 / 3) }]]);
  await writeModelFolder(dir, { json: { 'config.json': { model_type: 'llama' } }, weights });
  const header = await readSafetensorsHeader(join(dir, 'model.safetensors'));
  expect(header.metadata).toEqual({ format: 'pt' });
  expect(header.tensors.get('a.weight')).toMatchObject({ dtype: 'F16', shape: [2, 2] });
  expect(await readTensorAsFloat32(header, 'a.weight')).toEqual(Float32Array.of(1, -0.5, 3.25, rounded(1 / 3)));
});
