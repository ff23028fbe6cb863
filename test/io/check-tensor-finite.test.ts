import { describe, expect, it } from 'vitest';
import { checkTensorFinite } from '#io/check-tensor-finite.ts';

describe('checking that a tensor is finite', () => {
  const place = { file: 'model.safetensors', name: 'w' };

  it('accepts the largest, the smallest and negative zero', () => {
    expect(() => checkTensorFinite(Float32Array.of(3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -0), place)).not.toThrow();
  });

  it('names the file, the tensor and the position of a NaN', () => {
    expect(() => checkTensorFinite(Float32Array.of(1, 2, Number.NaN), place)).toThrow(
      'model.safetensors: tensor "w" holds NaN (not a number) at position 2',
    );
  });

  it('counts positions from the start of the tensor when it is checked in pieces', () => {
    const piece = new Float32Array(8).subarray(4);
    piece[1] = Number.NEGATIVE_INFINITY;
    expect(() => checkTensorFinite(piece, { ...place, firstIndex: 100 })).toThrow('holds an infinite number at position 101');
  });
});
