import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InternalError, ShapeError, StorageError } from '#contract/errors.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { locateTensor, readTensorAsFloat32, readTensorBytes } from '#io/safetensors/read-tensor.ts';
import { writeSafetensors, type TensorToWrite } from '#io/safetensors/write-safetensors.ts';
import { safetensorsBytes } from '#test/support/safetensors-bytes.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const newFile = async (): Promise<string> => join(await temporaryFolder(), 'out.safetensors');
const f32 = (name: string, shape: number[], values: number[]): TensorToWrite => ({
  name,
  dtype: 'F32',
  shape,
  data: Float32Array.from(values),
});

describe('writing a safetensors file', () => {
  it('writes every type, in the given order, so that it can be read back', async () => {
    const file = await newFile();
    const inner = new Float32Array(6).subarray(2, 4);
    inner.set([5, 6]);
    await writeSafetensors(
      file,
      [
        f32('z', [2, 2], [1, 2, 3, 4]),
        { name: 'i', dtype: 'I32', shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) },
        { name: 'l', dtype: 'I64', shape: [], data: BigInt64Array.of(-(2n ** 60n)) },
        { name: 'u', dtype: 'U8', shape: [3], data: Uint8Array.of(0, 128, 255) },
        { name: 'a', dtype: 'F32', shape: [2], data: inner },
      ],
      { step: '12' },
    );
    const header = await readSafetensorsHeader(file);
    const bytes = async (name: string) => (await readTensorBytes(locateTensor(header, name))).buffer;
    expect([...header.tensors.keys()]).toEqual(['z', 'i', 'l', 'u', 'a']);
    expect(header.metadata).toEqual({ step: '12' });
    expect(header.dataStart % 8).toBe(0);
    expect(await readTensorAsFloat32(header, 'z')).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(new Int32Array(await bytes('i'))).toEqual(Int32Array.of(-1, 2 ** 31 - 1));
    expect(new BigInt64Array(await bytes('l'))).toEqual(BigInt64Array.of(-(2n ** 60n)));
    expect(new Uint8Array(await bytes('u'))).toEqual(Uint8Array.of(0, 128, 255));
    expect(await readTensorAsFloat32(header, 'a')).toEqual(Float32Array.of(5, 6));
  });

  it('writes exactly these bytes', async () => {
    const file = await newFile();
    await writeSafetensors(file, [f32('a"b', [1], [1])], { format: 'pt' });
    const json = '{"__metadata__":{"format":"pt"},"a\\"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    const pad = (8 - (json.length % 8)) % 8;
    expect(new Uint8Array(await readFile(file))).toEqual(safetensorsBytes(json, Uint8Array.of(0, 0, 0x80, 0x3f), { pad }));
  });

  it('begins the tensors at the alignment asked for', async () => {
    const file = await newFile();
    await writeSafetensors(file, [f32('a', [1], [1])], { format: 'pt' });
    expect((await readSafetensorsHeader(file)).dataStart).toBe(96);
    await writeSafetensors(file, [f32('a', [1], [1])], { format: 'pt' }, { alignment: 64 });
    expect((await readSafetensorsHeader(file)).dataStart).toBe(128);
  });

  it('writes an empty file of no tensors', async () => {
    const file = await newFile();
    await writeSafetensors(file, []);
    expect((await readSafetensorsHeader(file)).tensors.size).toBe(0);
  });

  it('takes tensors in pieces, one at a time', async () => {
    const file = await newFile();
    async function* pieces(): AsyncGenerator<Uint8Array> {
      const piece = new Uint8Array(4);
      for (let i = 1; i <= 2; i += 1) yield piece.fill(i);
    }
    await writeSafetensors(file, [{ name: 'w', dtype: 'BF16', shape: [4], pieces }]);
    expect([...(await readTensorBytes(locateTensor(await readSafetensorsHeader(file), 'w')))]).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('refuses data that does not fill its shape and a name given twice, and leaves nothing behind', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'out.safetensors');
    const short = writeSafetensors(file, [f32('a', [2, 3], [1, 2])]);
    await expect(short).rejects.toThrow(ShapeError);
    await expect(short).rejects.toThrow('[2, 3] of F32 needs 24 bytes, got 8.');
    await expect(writeSafetensors(file, [f32('a', [1], [1]), f32('a', [1], [1])])).rejects.toThrow(InternalError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing behind when the disk fills up', async () => {
    const folder = await temporaryFolder();
    const writeChunk = async (): Promise<void> => Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' }));
    await expect(writeSafetensors(join(folder, 'out.safetensors'), [f32('a', [1], [1])], {}, { writeChunk })).rejects.toThrow(StorageError);
    expect(await readdir(folder)).toEqual([]);
  });
});
