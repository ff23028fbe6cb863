import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError, FormatError, StorageError } from '#contract/errors.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { safetensorsBytes } from '#test/support/safetensors-bytes.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const SINGLE = 'test/golden/logits/llama_gqa_bf16';
const SHARDED = 'test/golden/logits/mistral_window';
const INDEX = 'model.safetensors.index.json';

type Files = Readonly<Record<string, string | Uint8Array>>;

async function folderWith(files: Files): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

const shardOf = (...names: string[]): Uint8Array =>
  safetensorsBytes(
    Object.fromEntries(names.map((name, i) => [name, { dtype: 'F32', shape: [1], data_offsets: [4 * i, 4 * i + 4] }])),
    new Uint8Array(4 * names.length),
  );
const indexOf = (map: Readonly<Record<string, unknown>>): string => JSON.stringify({ metadata: { total_size: 1 }, weight_map: map });

async function errorFor(folder: string): Promise<AppError> {
  const error: unknown = await openModelFolder(folder).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe('opening a model folder', () => {
  it('finds the configuration and the tensors of one weight file', async () => {
    const model = await openModelFolder(SINGLE);
    expect(model.dir).toBe(resolve(SINGLE));
    expect(model.configJson).toEqual(JSON.parse(await readFile(join(SINGLE, 'config.json'), 'utf8')));
    expect(model.weightFiles).toEqual([resolve(SINGLE, 'model.safetensors')]);
    expect(model.tensors.get('model.embed_tokens.weight')).toMatchObject({ file: resolve(SINGLE, 'model.safetensors'), dtype: 'BF16' });
  });

  it('finds the tensors of all shards', async () => {
    const model = await openModelFolder(SHARDED);
    const { weight_map: map } = JSON.parse(await readFile(join(SHARDED, INDEX), 'utf8')) as { weight_map: Record<string, string> };
    expect(model.weightFiles).toHaveLength(12);
    expect(Object.fromEntries([...model.tensors].map(([name, { file }]) => [name, file]))).toEqual(
      Object.fromEntries(Object.entries(map).map(([name, shard]) => [name, resolve(SHARDED, shard)])),
    );
  });

  it('takes model.safetensors when an index lies beside it, as Transformers does', async () => {
    const folder = await folderWith({
      'config.json': '{}',
      'model.safetensors': shardOf('a'),
      [INDEX]: indexOf({ b: 'missing.safetensors' }),
    });
    expect([...(await openModelFolder(folder)).tensors.keys()]).toEqual(['a']);
  });

  it('follows links, as a download cache makes them', async () => {
    const [blobs, folder] = [await folderWith({ one: shardOf('a'), two: '{}' }), await temporaryFolder()];
    await symlink(join(blobs, 'one'), join(folder, 'model.safetensors'));
    await symlink(join(blobs, 'two'), join(folder, 'config.json'));
    expect((await openModelFolder(folder)).tensors.has('a')).toBe(true);
  });

  it('says that a folder is missing, empty or a file', async () => {
    const folder = await folderWith({ a: 'x' });
    expect(await errorFor(join(folder, 'missing'))).toBeInstanceOf(StorageError);
    expect((await errorFor(join(folder, 'missing'))).message).toMatch(/missing: it does not exist/);
    expect((await errorFor(join(folder, 'a'))).message).toMatch(/is a file; choose the model's folder/);
    expect((await errorFor(await temporaryFolder())).message).toMatch(/The folder .* is empty/);
  });

  it.each([
    {
      what: 'a pickled model',
      files: { 'config.json': '{}', 'pytorch_model.bin': '' },
      message: /pickle format \(pytorch_model\.bin\).*Convert the model to safetensors/,
    },
    {
      what: 'an adapter',
      files: { 'adapter_config.json': '{}', 'adapter_model.safetensors': '' },
      message: /holds an adapter, not a model/,
    },
    {
      what: 'a GGUF model',
      files: { 'm.Q4_K.gguf': '' },
      message: /GGUF file \(m\.Q4_K\.gguf\), which can be chatted with but not trained/,
    },
    {
      what: 'weights of another layout',
      files: { 'config.json': '{}', 'consolidated.safetensors': '' },
      message: /consolidated\.safetensors, but neither/,
    },
    { what: 'no weights', files: { 'config.json': '{}' }, message: /has config\.json and no weights/ },
    { what: 'no configuration', files: { 'model.safetensors': shardOf('a') }, message: /has no config\.json/ },
    {
      what: 'a broken configuration',
      files: { 'config.json': '{', 'model.safetensors': shardOf('a') },
      message: /config\.json is not JSON/,
    },
    {
      what: 'a broken weight file',
      files: { 'config.json': '{}', 'model.safetensors': 'short' },
      message: /model\.safetensors is not a safetensors file/,
    },
    { what: 'a weight file of no tensors', files: { 'config.json': '{}', 'model.safetensors': shardOf() }, message: /hold no tensor/ },
    { what: 'a Git LFS pointer', files: { 'config.json': '{}', 'model.safetensors': 'version https://git-lfs' }, message: /git lfs pull/ },
  ] satisfies { what: string; files: Files; message: RegExp }[])('refuses a folder with $what', async ({ files, message }) => {
    const error = await errorFor(await folderWith(files));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toMatch(message);
  });
});

describe('opening a model in shards', () => {
  const sharded = (map: Readonly<Record<string, unknown>>, shards: Files): Promise<string> =>
    folderWith({ 'config.json': '{}', [INDEX]: indexOf(map), ...shards });

  it('names missing shards', async () => {
    const folder = await temporaryFolder();
    await cp(SHARDED, folder, { recursive: true });
    await rm(join(folder, 'model-00003-of-00012.safetensors'));
    expect((await errorFor(folder)).message).toBe(
      `1 of the model's 12 weight files are missing from ${folder}: model-00003-of-00012.safetensors. Download them.`,
    );
  });

  it('names a tensor that its shard lacks, or that is in another one', async () => {
    const lacking = await sharded({ a: '1.safetensors', b: '1.safetensors' }, { '1.safetensors': shardOf('a') });
    expect((await errorFor(lacking)).message).toMatch(/tensor "b" is in 1\.safetensors, but no shard has it/);
    const swapped = await sharded(
      { a: '2.safetensors', b: '1.safetensors' },
      { '1.safetensors': shardOf('a'), '2.safetensors': shardOf('b') },
    );
    expect((await errorFor(swapped)).message).toMatch(/tensor "a" is in 2\.safetensors, but it is in 1\.safetensors/);
  });

  it('refuses a tensor that is in two shards', async () => {
    const folder = await sharded(
      { a: '1.safetensors', b: '2.safetensors' },
      { '1.safetensors': shardOf('a'), '2.safetensors': shardOf('b', 'a') },
    );
    expect((await errorFor(folder)).message).toMatch(/Tensor "a" is in two shards, 1\.safetensors and 2\.safetensors/);
  });

  it('keeps tensors that only the shards name', async () => {
    const folder = await sharded({ a: '1.safetensors' }, { '1.safetensors': shardOf('a', 'extra') });
    expect([...(await openModelFolder(folder)).tensors.keys()]).toEqual(['a', 'extra']);
  });

  it('reads no file outside the folder', async () => {
    const outer = await folderWith({ 'w.safetensors': shardOf('a') });
    await mkdir(join(outer, 'model'));
    await writeFile(join(outer, 'model', 'config.json'), '{}');
    const names = [
      '../w.safetensors',
      join(outer, 'w.safetensors'),
      '..\\w.safetensors',
      'C:w.safetensors',
      '.safetensors',
      'w.bin',
      'sub/w.safetensors',
      '',
    ];
    for (const name of names) {
      await writeFile(join(outer, 'model', INDEX), indexOf({ a: name }));
      const { message } = await errorFor(join(outer, 'model'));
      expect(message).toContain(
        `says that "a" is in ${JSON.stringify(name)}; expected the name of a .safetensors file in the same folder.`,
      );
    }
  });

  it('refuses an index without a map of texts', async () => {
    for (const index of ['{}', '[]', '{"weight_map": []}', '{"weight_map": {"a": 1}}']) {
      const folder = await folderWith({ 'config.json': '{}', [INDEX]: index });
      expect((await errorFor(folder)).message).toMatch(/has no "weight_map" from tensor names to file names/);
    }
  });
});
