/** @file Wrong models and adapters, from files to a sentence for the person: what, where, expected, got, what to do; nothing is left behind. */
import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FormatError, SettingsError, ShapeError, StorageError, UnsupportedModelError } from '#contract/errors.ts';
import { DEFAULT_LORA_CONFIG } from '#engine/adapter/lora-config.ts';
import { writeAdapterFolder } from '#io/adapter-folder.ts';
import type { RowScore, TrainingRequest } from '#jobs/training-request.ts';
import { alteredModel, modelWithConfig, modelWithWeights, Q_PROJ } from '#test/support/altered-model.ts';
import { refusal, refusalOf, scoresOf } from '#test/support/refusals.ts';
import type { ErrorClass, Words } from '#test/support/refusals.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL, requestFor, runJob, tokenExamples, writeRows } from '#test/support/training-runs.ts';

let folder: string;
let good: string;
let textRows: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  good = await writeRows(folder, tokenExamples(4), 'good.jsonl');
  textRows = await writeRows(folder, [{ prompt: 'p', completion: 'answer', label: true }], 'text.jsonl');
});

let runs = 0;
function request(more: Partial<TrainingRequest> = {}): TrainingRequest {
  const outDir = join(folder, `out-${++runs}`, 'run');
  const settings = { max_steps: 1, per_device_train_batch_size: 2, ...more.settings };
  return requestFor({ dataFile: good, outDir, cacheDir: join(folder, 'cache'), ...more, settings });
}

function score(more: Partial<TrainingRequest>, adapterDir: string | null = null): Promise<RowScore[]> {
  const { modelDir, dataFile, cacheDir } = request(more);
  return scoresOf({ modelDir, dataFile, cacheDir, adapterDir, maxLength: 64 });
}

describe('a model folder', () => {
  const broken: Record<string, readonly [make: () => Promise<string>, error: ErrorClass, words: Words]> = {
    'whose weights are cut off': [
      () => alteredModel((dir) => truncate(join(dir, 'model.safetensors'), 5000)),
      FormatError,
      [/model\.safetensors/, /should end at byte \d+, but the file ends at byte 5000/, 'Download it again'],
    ],
    'whose header lies about where a tensor ends': [
      () => modelWithWeights((header) => (header[Q_PROJ]!.data_offsets[1] += 4)),
      FormatError,
      [Q_PROJ, '4100 bytes', '[32, 32] of F32 needs 4096', 'Download it again'],
    ],
    'whose header points beyond the file': [
      () => modelWithWeights((header) => (header[Q_PROJ]!.data_offsets = [0, 2 ** 40])),
      FormatError,
      [Q_PROJ, 'should end at byte', 'Download it again'],
    ],
    'with a type that nobody knows': [
      () => modelWithWeights((header) => (header[Q_PROJ]!.dtype = 'Q4')),
      FormatError,
      [Q_PROJ, 'unknown type "Q4"', 'expected F32'],
    ],
    'with a quantised weight': [
      () => modelWithWeights((header) => (header[Q_PROJ]!.dtype = 'I32')),
      FormatError,
      [Q_PROJ, 'of type I32', 'expected F32, BF16 or F16', 'not quantised'],
    ],
    'with NaN in a weight': [
      () => modelWithWeights((header, data) => data.setFloat32(header[Q_PROJ]!.data_offsets[0] + 8, Number.NaN, true)),
      FormatError,
      [Q_PROJ, 'NaN (not a number) at position 2', 'Download it again'],
    ],
    'without one of the tensors': [
      () =>
        modelWithWeights((header) => {
          header['another'] = header[Q_PROJ]!;
          delete header[Q_PROJ];
        }),
      FormatError,
      ['lacks 1 of the 21 tensors', Q_PROJ, 'download the whole model again'],
    ],
    'with a tensor of another shape': [
      () => modelWithWeights((header) => (header[Q_PROJ]!.shape = [16, 64])),
      FormatError,
      [Q_PROJ, 'has the shape [16, 64], but config.json calls for [32, 32]', 'download the whole model again'],
    ],
    'without a required key in config.json': [
      () => modelWithConfig({ hidden_size: undefined }),
      FormatError,
      ['config.json has no `hidden_size`', 'Download the file again'],
    ],
    'with half a config.json': [
      () => alteredModel((dir) => truncate(join(dir, 'config.json'), 20)),
      FormatError,
      ['config.json is not JSON', 'Download it again'],
    ],
    'of an unknown architecture': [
      () => modelWithConfig({ architectures: ['MambaForCausalLM'], model_type: 'mamba' }),
      UnsupportedModelError,
      ['"mamba"', 'Supported: llama, mistral, qwen2, qwen3'],
    ],
    'with more tokens in config.json than in the embedding': [
      () => modelWithConfig({ vocab_size: 300 }),
      FormatError,
      ['embed_tokens.weight', '[259, 32], but config.json calls for [300, 32]', 'download the whole model again'],
    ],
    'that is not there': [() => alteredModel((dir) => rm(dir, { recursive: true })), StorageError, ['it does not exist', 'Check the path']],
    'that is an adapter': [
      () => Promise.resolve(join(BASE_MODEL, '../dpo_adapter_init')),
      FormatError,
      ['holds an adapter, not a model', 'Choose the folder of the model'],
    ],
  };

  it.each(Object.keys(broken))('%s is refused', async (name) => {
    const [make, error, words] = broken[name]!;
    const modelDir = await make();
    expect(await refusalOf(request({ modelDir }))).toEqual(refusal(error, words));
    await expect(score({ modelDir })).rejects.toThrow(error);
  });

  it('without a tokenizer works with rows of token ids, and says what is missing for text', async () => {
    const modelDir = await alteredModel((dir) => rm(join(dir, 'tokenizer.json')));
    expect((await runJob(request({ modelDir }))).at(-1)?.kind).toBe('finished');
    expect(await score({ modelDir })).toHaveLength(4);
    const words = [modelDir, 'has no tokenizer.json', 'Choose the folder of a model with its tokenizer'];
    expect(await refusalOf(request({ modelDir, dataFile: textRows }))).toEqual(refusal(FormatError, words));
    await expect(score({ modelDir, dataFile: textRows })).rejects.toThrow('has no tokenizer.json');
  });
});

describe('an adapter', () => {
  it('for another model is refused, by training and by scoring', async () => {
    const adapterDir = join(folder, 'other-adapter');
    const module = 'model.layers.0.self_attn.q_proj';
    const factor = (rows: number, cols: number) => ({ rows, cols, data: new Float32Array(rows * cols) });
    await writeAdapterFolder(adapterDir, {
      config: { ...DEFAULT_LORA_CONFIG, r: 2, targetModules: [module] },
      tensors: new Map([[module, { loraA: factor(2, 48), loraB: factor(32, 2) }]]),
    });
    expect(await refusalOf(request({ adapterInitDir: adapterDir }))).toEqual(refusal(ShapeError, [module, '48', '32']));
    await expect(score({}, adapterDir)).rejects.toThrow(ShapeError);
  });

  it('that is none is refused', async () => {
    const model = refusal(FormatError, ['is not an adapter folder', 'It holds a model', 'choose the folder of an adapter']);
    expect(await refusalOf(request({ adapterInitDir: BASE_MODEL }))).toEqual(model);
    const nowhere = refusal(StorageError, ['nowhere', 'it does not exist', 'Check the path']);
    expect(await refusalOf(request({ adapterInitDir: join(folder, 'nowhere') }))).toEqual(nowhere);
    await expect(score({}, BASE_MODEL)).rejects.toThrow('is not an adapter folder');
  });

  it('needs modules that the model has', async () => {
    const words = ['target_modules', '"query"', 'the model has q_proj, k_proj'];
    expect(await refusalOf(request({ settings: { target_modules: ['query'] } }))).toEqual(refusal(SettingsError, words));
  });
});

describe('settings', () => {
  it.each([
    [{ learning_rte: 1 }, ['learning_rte', 'the nearest is learning_rate']],
    [{ per_device_train_batch_size: 1 }, ['per_device_train_batch_size is 1', 'Use 2 or more']],
  ])('%j are refused before anything is read', async (settings, words) => {
    expect(await refusalOf(request({ settings, modelDir: '/nowhere' }))).toEqual(refusal(SettingsError, words));
  });
});
