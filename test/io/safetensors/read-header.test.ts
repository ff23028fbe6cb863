import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, StorageError } from '#contract/errors.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { safetensorsBytes } from '#test/support/safetensors-bytes.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function fileWith(bytes: Uint8Array | string): Promise<string> {
  const file = join(await temporaryFolder(), 'model.safetensors');
  await writeFile(file, bytes);
  return file;
}

const floats = (count: number): Uint8Array => new Uint8Array(4 * count);
const vector = (length: number, begin = 0) => ({ dtype: 'F32', shape: [length], data_offsets: [begin, begin + 4 * length] });

/** The error of reading these bytes, which must be a FormatError. */
async function errorFor(bytes: Uint8Array | string): Promise<FormatError> {
  const error: unknown = await readSafetensorsHeader(await fileWith(bytes)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FormatError);
  return error as FormatError;
}

describe('reading the header of a safetensors file', () => {
  it('finds every tensor, in the order of the bytes, and the metadata', async () => {
    const header = {
      __metadata__: { format: 'pt' },
      b: { dtype: 'I64', shape: [], data_offsets: [8, 16] },
      a: { dtype: 'BF16', shape: [2, 2], data_offsets: [0, 8] },
    };
    const file = await fileWith(safetensorsBytes(header, floats(4), { pad: 3 }));
    const read = await readSafetensorsHeader(file);
    const dataStart = 8 + JSON.stringify(header).length + 3;
    expect(read).toMatchObject({ file, dataStart, fileBytes: dataStart + 16, metadata: { format: 'pt' } });
    expect([...read.tensors.values()]).toEqual([
      { name: 'a', dtype: 'BF16', shape: [2, 2], byteOffset: dataStart, byteLength: 8 },
      { name: 'b', dtype: 'I64', shape: [], byteOffset: dataStart + 8, byteLength: 8 },
    ]);
  });

  it('accepts an empty header and a tensor without elements', async () => {
    expect((await readSafetensorsHeader(await fileWith(safetensorsBytes({})))).tensors.size).toBe(0);
    const empty = { a: vector(1), e: { dtype: 'F32', shape: [0, 7], data_offsets: [4, 4] }, z: vector(1, 4) };
    expect((await readSafetensorsHeader(await fileWith(safetensorsBytes(empty, floats(2))))).tensors.get('e')?.byteLength).toBe(0);
  });

  it('accepts a tensor named like a property of every object', async () => {
    const text =
      '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"constructor":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}';
    expect([...(await readSafetensorsHeader(await fileWith(safetensorsBytes(text, floats(2))))).tensors.keys()]).toEqual([
      '__proto__',
      'constructor',
    ]);
  });

  it('says that a file is missing', async () => {
    await expect(readSafetensorsHeader(join(await temporaryFolder(), 'x.safetensors'))).rejects.toThrow(StorageError);
  });

  it('refuses a file too short for a length', async () => {
    expect((await errorFor('{}')).message).toMatch(/is not a safetensors file: it has 2 bytes, expected at least 8/);
    expect((await errorFor('')).message).toMatch(/it has 0 bytes/);
  });

  it('refuses a header longer than the file', async () => {
    expect((await errorFor(safetensorsBytes({}, floats(1), { length: 1000n }))).message).toMatch(
      /is cut off: its header should have 1000 bytes, but the file has only 14\. Download it again/,
    );
  });

  it('refuses a header above 100 MB without reading it', async () => {
    const file = await fileWith(safetensorsBytes({}, undefined, { length: 100_000_001n }));
    const handle = await open(file, 'r+');
    await handle.truncate(200_000_000); // sparse: no such room is taken on the disk
    await handle.close();
    await expect(readSafetensorsHeader(file)).rejects.toThrow(/its header would have 100000001 bytes, at most 100000000 are allowed/);
    expect((await errorFor(safetensorsBytes({}, undefined, { length: 2n ** 64n - 1n }))).message).toMatch(/18446744073709551615 bytes/);
  });

  it('recognises what is no safetensors file at all', async () => {
    expect((await errorFor('version https://git-lfs.github.com/spec/v1\noid sha256:00\n')).message).toMatch(
      /is a Git LFS pointer, not the weights/,
    );
    expect((await errorFor('<!DOCTYPE html><html></html>')).message).toMatch(/is not a safetensors file/);
  });

  it.each([
    { what: 'a header that is not UTF-8', header: null, message: /its header is not UTF-8/ },
    { what: 'a header that is not JSON', header: '{"a":', message: /its header is not JSON/ },
    { what: 'a list', header: [1], message: /its header is not a JSON object/ },
    { what: 'a null', header: 'null', message: /its header is not a JSON object/ },
    { what: 'a header that does not begin with {', header: ' {}', message: /its header is not a JSON object/ },
    {
      what: 'metadata that is no object',
      header: { __metadata__: 'pt' },
      message: /wrong __metadata__: expected text for every key, got "pt"/,
    },
    { what: 'metadata that is no text', header: { __metadata__: { a: 1 } }, message: /wrong __metadata__: .* got 1 for "a"/ },
  ])('refuses $what', async ({ header, message }) => {
    const bytes = header === null ? safetensorsBytes('{"aa":1}') : safetensorsBytes(header);
    if (header === null) bytes[10] = 0xff;
    expect((await errorFor(bytes)).message).toMatch(message);
  });

  it.each([
    { what: 'an entry that is no object', entry: 5, message: /tensor "w" is described by 5, not by an object/ },
    { what: 'an unknown type', entry: { ...vector(2), dtype: 'F31' }, message: /tensor "w" has the unknown type "F31"/ },
    {
      what: 'a type named like a property of every object',
      entry: { ...vector(2), dtype: 'toString' },
      message: /unknown type "toString"/,
    },
    { what: 'no type', entry: { shape: [2], data_offsets: [0, 8] }, message: /unknown type nothing/ },
    { what: 'a shape that is no list', entry: { ...vector(2), shape: 2 }, message: /has the shape 2; expected a list/ },
    { what: 'a negative size', entry: { ...vector(2), shape: [-2, -1] }, message: /has the shape \[-2,-1\]/ },
    { what: 'a fraction of a size', entry: { ...vector(2), shape: [0.5, 4] }, message: /has the shape \[0\.5,4\]/ },
    {
      what: 'a shape whose product overflows',
      entry: { ...vector(2), shape: [2 ** 31, 2 ** 31, 2] },
      message: /has 8 bytes; its shape .* needs a number/,
    },
    {
      what: 'a type that takes more bytes',
      entry: { ...vector(2), dtype: 'F64' },
      message: /has 8 bytes; its shape \[2\] of F64 needs 16/,
    },
    { what: 'a shape that takes fewer bytes', entry: { ...vector(2), shape: [1] }, message: /has 8 bytes; its shape \[1\] of F32 needs 4/ },
    { what: 'three offsets', entry: { ...vector(2), data_offsets: [0, 4, 8] }, message: /has the data_offsets \[0,4,8\]/ },
    {
      what: 'negative offsets',
      entry: { ...vector(2), data_offsets: [-8, 0] },
      message: /has the data_offsets \[-8,0\]; expected two whole numbers/,
    },
    {
      what: 'an end before the beginning',
      entry: { ...vector(2), data_offsets: [8, 0] },
      message: /ends at byte 0, before it begins at byte 8/,
    },
  ])('refuses $what', async ({ entry, message }) => {
    const error = await errorFor(safetensorsBytes({ w: entry }, floats(2)));
    expect(error.message).toMatch(message);
    expect(error.details['field']).toBe('w');
  });

  it('refuses a file that was cut off, and says where it should end', async () => {
    const whole = safetensorsBytes({ a: vector(2), w: vector(2, 8) }, floats(4));
    const error = await errorFor(whole.subarray(0, whole.length - 1));
    expect(error.message).toContain(`tensor "w" should end at byte ${whole.length}, but the file ends at byte ${whole.length - 1}`);
    expect(error.message).toContain('Download it again.');
  });

  it('refuses overlapping tensors, holes, bytes that belong to no tensor and a name given twice', async () => {
    expect((await errorFor(safetensorsBytes({ a: vector(2), b: vector(2, 4) }, floats(3)))).message).toMatch(/tensor "b" overlaps "a"/);
    expect((await errorFor(safetensorsBytes({ a: vector(2), b: vector(2) }, floats(2)))).message).toMatch(/tensor "b" overlaps "a"/);
    expect((await errorFor(safetensorsBytes({ a: vector(1), b: vector(1, 8) }, floats(3)))).message).toMatch(
      /tensor "b" leaves 4 unused bytes after "a"/,
    );
    expect((await errorFor(safetensorsBytes({ a: vector(1, 4) }, floats(2)))).message).toMatch(
      /tensor "a" leaves 4 unused bytes after the header/,
    );
    expect((await errorFor(safetensorsBytes({ a: vector(1) }, floats(2)))).message).toMatch(/has 4 bytes too many/);
    const twice = `{"a":${JSON.stringify(vector(1))},"a":${JSON.stringify(vector(1))}}`;
    expect((await errorFor(safetensorsBytes(twice, floats(1)))).message).toMatch(/names "a" twice/);
  });
});
