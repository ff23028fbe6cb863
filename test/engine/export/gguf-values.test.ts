/** @file Values of GGUF tensors, bit by bit. */
import { describe, expect, it } from 'vitest';
import { encodeGgufValues } from '#engine/export/gguf/encode-values.ts';
import { dtypeForRow, ggufByteLength } from '#engine/export/gguf/gguf-dtype.ts';
import { dealRows, hasRotatedRows } from '#engine/export/gguf/rotated-rows.ts';
import { mergeRows } from '#engine/export/merge-rows.ts';
import { Random } from '#engine/train/random.ts';
import { float16ToFloat32 } from '#engine/tensor/convert-half.ts';

describe('float16', () => {
  it('gives every finite float16 back', () => {
    const bits = Uint16Array.from({ length: 65_536 }, (_, half) => half).filter((half) => ((half >>> 10) & 31) !== 31);
    const values = new Float32Array(bits.length);
    float16ToFloat32(bits, values);
    expect(new Uint16Array((encodeGgufValues('F16', values) as Uint8Array).buffer)).toEqual(bits);
  });

  it('rounds what lies between to the nearest, ties to even', () => {
    const [a, b] = [1, 1 + 2 ** -10];
    const middle = (a + b) / 2;
    const halves = (values: number[]) => [...new Uint16Array((encodeGgufValues('F16', Float32Array.from(values)) as Uint8Array).buffer)];
    expect(halves([middle, middle + 1e-6, b + 2 ** -11, 2 ** -25, 2 ** -25 * 1.01, 3 * 2 ** -25, 2 ** -15 + 2 ** -26])).toEqual([
      0x3c00, 0x3c01, 0x3c02, 0, 1, 2, 0x0200,
    ]);
    expect(halves([65_519.99, -65_504])).toEqual([0x7bff, 0xfbff]);
  });

  it('says when a value is too large', () => {
    expect(encodeGgufValues('F16', Float32Array.of(65_520))).toBeNull();
    expect(encodeGgufValues('Q8_0', new Float32Array(32).fill(1e10))).toBeNull();
  });
});

describe('Q8_0', () => {
  it('is a scale and bytes whose product is within half a scale of the value', () => {
    const random = Random.fromSeed(3, 0);
    const values = Float32Array.from({ length: 96 }, () => random.uniform() * 4 - 2);
    values.fill(0, 32, 64);
    const bytes = encodeGgufValues('Q8_0', values) as Uint8Array;
    expect(bytes).toHaveLength(3 * 34);
    const view = new DataView(bytes.buffer);
    for (const [i, value] of values.entries()) {
      const block = Math.floor(i / 32) * 34;
      const scale = new Float32Array(1);
      float16ToFloat32(Uint16Array.of(view.getUint16(block, true)), scale);
      const byte = view.getInt8(block + 2 + (i % 32));
      expect(Math.abs(byte * (scale[0] as number) - value)).toBeLessThanOrEqual((scale[0] as number) * 0.5625 + 1e-7); // the scale is rounded, too
    }
  });

  it('is float16 where a row is no whole number of blocks', () => {
    expect(dtypeForRow('Q8_0', 48)).toBe('F16');
    expect(dtypeForRow('Q8_0', 64)).toBe('Q8_0');
    expect(() => ggufByteLength('Q8_0', 48)).toThrow('no whole number');
  });
});

it('rows of q and k are dealt out within each head, and only for llama and mistral', () => {
  const target = new Float32Array(16);
  dealRows(
    Float32Array.from({ length: 16 }, (_, i) => i),
    target,
    { headDim: 4, columns: 2 },
  );
  expect([...target]).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
  expect(hasRotatedRows('mistral', 'model.layers.3.self_attn.k_proj.bias')).toBe(true);
  expect(hasRotatedRows('llama', 'model.layers.3.self_attn.v_proj.weight')).toBe(false);
  expect(hasRotatedRows('qwen2', 'model.layers.3.self_attn.q_proj.weight')).toBe(false);
});

it('merging adds s·B·A to the right rows', () => {
  const matrix = (rows: number, cols: number, data: number[]) => ({ rows, cols, data: Float32Array.from(data) });
  const values = Float32Array.of(1, 1, 1, 2, 2, 2);
  mergeRows(values, 1, { loraA: matrix(2, 3, [1, 2, 3, 4, 5, 6]), loraB: matrix(3, 2, [9, 9, 1, 0, 0.5, 2]), scaling: 2 });
  expect([...values]).toEqual([3, 5, 7, 2 + 17, 2 + 22, 2 + 27]);
});
