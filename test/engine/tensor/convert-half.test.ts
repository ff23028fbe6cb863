import { describe, expect, it } from 'vitest';
import { bfloat16ToFloat32, float16ToFloat32 } from '#engine/tensor/convert-half.ts';

const ALL = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);

/** By the definition of the format: sign, exponent, fraction. */
function valueOf(bits: number, exponentBits: number): number {
  const fractionBits = 15 - exponentBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponent = (bits >> fractionBits) % 2 ** exponentBits;
  const fraction = (bits % 2 ** fractionBits) / 2 ** fractionBits;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

describe('converting half precision to float32', () => {
  it.each([
    { name: 'float16', convert: float16ToFloat32, exponentBits: 5 },
    { name: 'bfloat16', convert: bfloat16ToFloat32, exponentBits: 8 },
  ])('gives the exact value of each of the 65,536 patterns of $name', ({ convert, exponentBits }) => {
    const target = new Float32Array(ALL.length);
    convert(ALL, target);
    const wrong = [...ALL].filter((bits) => !Object.is(target[bits], valueOf(bits, exponentBits)));
    expect(wrong).toEqual([]);
  });

  it('fills a target that lies inside a larger buffer', () => {
    const buffer = new Float32Array(4).fill(9);
    float16ToFloat32(Uint16Array.of(0x3c00, 0xc000), buffer.subarray(1, 3));
    expect([...buffer]).toEqual([9, 1, -2, 9]);
  });
});
