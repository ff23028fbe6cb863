import { cp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError, FormatError, SettingsError, ShapeError, StorageError } from '#contract/errors.ts';
import { DEFAULT_LORA_CONFIG } from '#engine/adapter/lora-config.ts';
import { readAdapterFolder, writeAdapterFolder } from '#io/adapter-folder.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { bytesOf, safetensorsBytes } from '#test/support/safetensors-bytes.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const KTO = 'test/golden/trl/kto_default/adapter_final';
const DPO = 'test/golden/trl/dpo_sigmoid/adapter_final';
const MODULE = 'model.layers.0.self_attn.q_proj';
const A = `base_model.model.${MODULE}.lora_A.weight`;
const B = `base_model.model.${MODULE}.lora_B.weight`;

const CONFIG = { peft_type: 'LORA', task_type: 'CAUSAL_LM', r: 2, lora_alpha: 4, target_modules: ['q_proj'] };

interface Stored {
  readonly dtype?: string;
  readonly shape: readonly number[];
  readonly values: ArrayBufferView;
}

const f32 = (shape: readonly number[], ...values: number[]): Stored => ({ shape, values: Float32Array.from(values) });
const GOOD: Readonly<Record<string, Stored>> = { [A]: f32([2, 3], 1, 2, 3, 4, 5, 6), [B]: f32([1, 2], 7, 8) };

async function adapterWith(tensors: Readonly<Record<string, Stored>>, config: object = CONFIG): Promise<string> {
  const folder = await temporaryFolder();
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, { dtype = 'F32', shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [end, end + values.byteLength] };
    parts.push(bytesOf(values));
    end += values.byteLength;
  }
  await writeFile(join(folder, 'adapter_config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'adapter_model.safetensors'), safetensorsBytes(header, Buffer.concat(parts)));
  return folder;
}

async function errorFor(folder: string): Promise<AppError> {
  const error: unknown = await readAdapterFolder(folder).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe('reading an adapter', () => {
  it.each([KTO, DPO])('reads what PEFT wrote in %s', async (folder) => {
    const { config, tensors, ignoredKeys } = await readAdapterFolder(folder);
    expect(config).toEqual({
      ...DEFAULT_LORA_CONFIG,
      r: 4,
      loraAlpha: 8,
      loraDropout: 0.05,
      targetModules: expect.arrayContaining(['q_proj', 'v_proj', 'down_proj']) as unknown,
    });
    expect(ignoredKeys).toEqual([]);
    const modules = [0, 1].flatMap((layer) =>
      ['mlp.down_proj', 'self_attn.q_proj', 'self_attn.v_proj'].map((name) => `model.layers.${layer}.${name}`),
    );
    expect([...tensors.keys()]).toEqual(modules);
    const down = tensors.get('model.layers.1.mlp.down_proj');
    expect([down?.loraA.rows, down?.loraA.cols, down?.loraB.rows, down?.loraB.cols]).toEqual([4, 64, 32, 4]);
  });

  it('reads factors of any half precision as float32', async () => {
    const tensors = {
      [A]: { dtype: 'BF16', shape: [2, 1], values: Uint16Array.of(0x3f80, 0xc000) },
      [B]: { dtype: 'F16', shape: [1, 2], values: Uint16Array.of(0x4200, 0) },
    };
    expect((await readAdapterFolder(await adapterWith(tensors))).tensors.get(MODULE)).toEqual({
      loraA: { data: Float32Array.of(1, -2), rows: 2, cols: 1 },
      loraB: { data: Float32Array.of(3, 0), rows: 1, cols: 2 },
    });
  });

  it('takes the rank of a module from rank_pattern', async () => {
    const config = { ...CONFIG, r: 16, rank_pattern: { 'self_attn.q_proj': 2 } };
    expect((await readAdapterFolder(await adapterWith(GOOD, config))).tensors.size).toBe(1);
    const bad = await errorFor(await adapterWith(GOOD, { ...config, rank_pattern: { '(q_proj': 2 } }));
    expect(bad).toBeInstanceOf(SettingsError);
  });

  it('lists the keys that no known PEFT has', async () => {
    expect((await readAdapterFolder(await adapterWith(GOOD, { ...CONFIG, use_tomorrow: false, note: 'x' }))).ignoredKeys).toEqual([
      'use_tomorrow',
      'note',
    ]);
  });

  it.each([
    { what: 'no lora_B', tensors: { [A]: GOOD[A]! }, message: /lora_B\.weight" is missing, although lora_A of the same module is there/ },
    { what: 'no lora_A', tensors: { [B]: GOOD[B]! }, message: /lora_A\.weight" is missing, although lora_B/ },
    {
      what: 'another rank than the configuration',
      tensors: { [A]: f32([1, 3], 1, 2, 3), [B]: f32([1, 1], 7) },
      message: /have rank 1 \(lora_A\) and 1 \(lora_B\), but adapter_config\.json says 2/,
    },
    { what: 'factors of two ranks', tensors: { ...GOOD, [B]: f32([1, 1], 7) }, message: /have rank 2 \(lora_A\) and 1 \(lora_B\)/ },
    {
      what: 'a factor of one dimension',
      tensors: { ...GOOD, [A]: f32([6], 1, 2, 3, 4, 5, 6) },
      message: /has the shape \[6\]; expected two dimensions/,
    },
    { what: 'an empty factor, as an ungathered shard', tensors: { ...GOOD, [A]: f32([2, 0]) }, message: /has the shape \[2, 0\]/ },
    {
      what: 'NaN',
      tensors: { ...GOOD, [B]: f32([1, 2], 7, Number.NaN) },
      message: /lora_B\.weight" holds NaN \(not a number\) at position 1/,
    },
    {
      what: 'integers',
      tensors: { ...GOOD, [B]: { dtype: 'I8', shape: [1, 2], values: Int8Array.of(1, 2) } },
      message: /is of type I8; expected F32, F16 or BF16/,
    },
    {
      what: 'an adapted embedding',
      tensors: { ...GOOD, 'base_model.model.model.embed_tokens.lora_embedding_A': f32([1], 1) },
      message: /an adapter of the embedding/,
    },
    {
      what: 'DoRA',
      tensors: { ...GOOD, [`base_model.model.${MODULE}.lora_magnitude_vector`]: f32([1], 1) },
      message: /part of a DoRA adapter/,
    },
    {
      what: 'whole modules',
      tensors: { ...GOOD, 'base_model.model.lm_head.weight': f32([1], 1) },
      message: /a whole weight of the model \(modules_to_save/,
    },
    {
      what: 'names of a running model',
      tensors: { [A.replace('.weight', '.default.weight')]: f32([1, 1], 1) },
      message: /named as inside a running PEFT model/,
    },
    {
      what: 'unknown names',
      tensors: { ...GOOD, 'transformer.x': f32([1], 1) },
      message: /tensor "transformer\.x" is unknown; expected names such as/,
    },
    { what: 'no tensors', tensors: {}, message: /holds no tensor, so the adapter changes nothing/ },
  ] satisfies { what: string; tensors: Readonly<Record<string, Stored>>; message: RegExp }[])(
    'refuses an adapter with $what',
    async ({ tensors, message }) => {
      const error = await errorFor(await adapterWith(tensors));
      expect(error).toBeInstanceOf(FormatError);
      expect(error.message).toMatch(message);
    },
  );

  it('refuses a file that was cut off', async () => {
    const folder = await temporaryFolder();
    await cp(KTO, folder, { recursive: true });
    await truncate(join(folder, 'adapter_model.safetensors'), 5000);
    expect((await errorFor(folder)).message).toMatch(/adapter_model\.safetensors: tensor .* but the file ends at byte 5000: it is cut off/);
  });

  it('says what a folder is that is no adapter', async () => {
    expect((await errorFor('test/golden/trl/base')).message).toMatch(
      /has no adapter_config\.json\. It holds a model; choose the folder of an adapter/,
    );
    const folder = await adapterWith(GOOD);
    await rm(join(folder, 'adapter_model.safetensors'));
    expect((await errorFor(folder)).message).toMatch(/has adapter_config\.json, but no adapter_model\.safetensors/);
    await writeFile(join(folder, 'adapter_model.bin'), '');
    expect((await errorFor(folder)).message).toMatch(/pickle format \(adapter_model\.bin\)/);
    expect((await errorFor(join(folder, 'adapter_model.bin'))).message).toMatch(/is a file; choose the adapter's folder/);
    expect(await errorFor(join(folder, 'missing'))).toBeInstanceOf(StorageError);
  });
});

describe('writing an adapter', () => {
  it('writes the tensors byte for byte as PEFT does, whatever their order', async () => {
    const folder = join(await temporaryFolder(), 'made', 'here');
    const adapter = await readAdapterFolder(KTO);
    await writeAdapterFolder(folder, { ...adapter, tensors: new Map([...adapter.tensors].toReversed()) });
    const [written, peft] = await Promise.all([folder, KTO].map((dir) => readFile(join(dir, 'adapter_model.safetensors'))));
    expect(written!.equals(peft!)).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
  });

  it('gives back the same adapter when it is read', async () => {
    const folder = await temporaryFolder();
    const adapter = await readAdapterFolder(await adapterWith(GOOD, { ...CONFIG, use_rslora: true, layers_to_transform: [0] }));
    await writeAdapterFolder(folder, adapter);
    expect(await readAdapterFolder(folder)).toEqual(adapter);
  });

  it('keeps the old adapter whole when the disk is full', async () => {
    const folder = await temporaryFolder();
    await cp(KTO, folder, { recursive: true });
    const writeChunk: ChunkWriter = async () => Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' }));
    await expect(writeAdapterFolder(folder, await readAdapterFolder(DPO), { writeChunk })).rejects.toThrow(
      /adapter_model\.safetensors: the disk is full/,
    );
    expect(await readAdapterFolder(folder)).toEqual(await readAdapterFolder(KTO));
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('refuses factors that are not what the configuration says', async () => {
    const folder = await temporaryFolder();
    const { config, tensors } = await readAdapterFolder(await adapterWith(GOOD));
    await expect(writeAdapterFolder(folder, { config: { ...config, r: 3 }, tensors })).rejects.toThrow(ShapeError);
    const short = new Map([[MODULE, { ...tensors.get(MODULE)!, loraB: { data: new Float32Array(1), rows: 1, cols: 2 } }]]);
    await expect(writeAdapterFolder(folder, { config, tensors: short })).rejects.toThrow(/\[1, 2\] of F32 needs 8 bytes, got 4/);
    expect(await readdir(folder)).toEqual([]);
  });
});
