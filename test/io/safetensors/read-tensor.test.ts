import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError } from '#contract/errors.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { locateTensor, readTensorAsFloat32, readTensorBytes } from '#io/safetensors/read-tensor.ts';
import { bytesOf, safetensorsBytes } from '#test/support/safetensors-bytes.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function fileWith(dtype: string, values: ArrayBufferView, pad = 0): Promise<string> {
  const file = join(await temporaryFolder(), 'w.safetensors');
  const bytes = bytesOf(values);
  const elements = bytes.length / { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8 }[dtype]!;
  await writeFile(file, safetensorsBytes({ w: { dtype, shape: [1, elements], data_offsets: [0, bytes.length] } }, bytes, { pad }));
  return file;
}

describe('reading a tensor', () => {
  it.each([
    { dtype: 'F32', stored: Float32Array.of(1.5, -2.25, 1e-42) },
    { dtype: 'F64', stored: Float64Array.of(1.5, -2.25, 1.0000000000000002e-42) },
    { dtype: 'F16', stored: Uint16Array.of(0x3e00, 0xc080, 0x0000) },
    { dtype: 'BF16', stored: Uint16Array.of(0x3fc0, 0xc010, 0x0000) },
  ])('gives $dtype as float32, wherever its bytes begin', async ({ dtype, stored }) => {
    for (let pad = 0; pad < 4; pad += 1) {
      const header = await readSafetensorsHeader(await fileWith(dtype, stored, pad));
      const last = dtype === 'F32' || dtype === 'F64' ? 1e-42 : 0;
      expect(await readTensorAsFloat32(header, 'w')).toEqual(Float32Array.of(1.5, -2.25, last));
    }
  });

  it('gives the bytes of any type', async () => {
    const stored = BigInt64Array.of(-1n, 2n ** 40n);
    const header = await readSafetensorsHeader(await fileWith('I64', stored, 5));
    const bytes = await readTensorBytes(locateTensor(header, 'w'));
    expect(new BigInt64Array(bytes.buffer)).toEqual(stored);
  });

  it('refuses integers as float32 and a name that is not there', async () => {
    const header = await readSafetensorsHeader(await fileWith('I64', BigInt64Array.of(1n)));
    await expect(readTensorAsFloat32(header, 'w')).rejects.toThrow(/holds I64 values where F32, F16, BF16 or F64 is expected/);
    await expect(readTensorAsFloat32(header, 'v')).rejects.toThrow(/has no tensor "v"; it has 1 others/);
  });

  it('notices a file that became shorter since its header was read', async () => {
    const header = await readSafetensorsHeader(await fileWith('F32', new Float32Array(4)));
    await truncate(header.file, header.fileBytes - 3);
    await expect(readTensorAsFloat32(header, 'w')).rejects.toThrow(FormatError);
    await expect(readTensorAsFloat32(header, 'w')).rejects.toThrow(/is cut off/);
  });
});
