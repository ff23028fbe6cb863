/** @file The header of a GGUF file of any size, read back byte by byte. */
import { expect, it } from 'vitest';
import { float32, uint32 } from '#engine/export/gguf/gguf-value.ts';
import type { GgufMetadata } from '#engine/export/gguf/gguf-value.ts';
import { encodeGgufHeader } from '#io/gguf/encode-gguf-header.ts';

it('grows with its metadata, and loses nothing where it grows', () => {
  const scores = Array.from({ length: 40_000 }, (_, i) => -i);
  const types = scores.map((_, i) => i % 7);
  const metadata: GgufMetadata = new Map([
    ['scores', { type: 'float32s', value: scores }],
    ['types', { type: 'int32s', value: types }],
    ['last', uint32(7)],
  ]);
  const { bytes } = encodeGgufHeader(metadata, []);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Magic, version and counts; then key, type "array", type of items, count.
  let at = 24 + 8 + 'scores'.length + 4 + 4 + 8;
  expect(scores.every((score, i) => view.getFloat32(at + 4 * i, true) === score)).toBe(true);
  at += 4 * scores.length + 8 + 'types'.length + 4 + 4 + 8;
  expect(types.every((type, i) => view.getInt32(at + 4 * i, true) === type)).toBe(true);
  at += 4 * types.length + 8 + 'last'.length;
  expect([view.getUint32(at, true), view.getUint32(at + 4, true)]).toEqual([4, 7]);
});

it.each([65_500, 65_520, 65_536, 131_050])('with a text of %i characters, numbers after it are whole', (length) => {
  for (let more = 0; more < 16; more += 1) {
    const { bytes } = encodeGgufHeader(
      new Map([
        ['text', { type: 'string', value: 'x'.repeat(length + more) }],
        ['n', float32(1.5)],
      ]),
      [],
    );
    const at = 24 + 8 + 4 + 4 + 8 + length + more + 8 + 1 + 4;
    expect(new DataView(bytes.buffer, bytes.byteOffset).getFloat32(at, true)).toBe(1.5);
  }
});

it('refuses a tensor that is named twice', () => {
  const tensor = { name: 'a', shape: [2, 3], dtype: 'F32' } as const;
  expect(() => encodeGgufHeader(new Map(), [tensor, tensor])).toThrow(/would be written into a GGUF file twice/);
});
