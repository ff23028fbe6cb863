/** @file Whole training runs against TRL 1.13: every logged metric of every step, and the adapter that comes out. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { resolveTargetModules } from '#engine/adapter/target-modules.ts';
import type { TokenisedExample, TokenisedPair } from '#engine/data/tokenised.ts';
import { loraInputName } from '#engine/model/lora.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { DPO_LOSS_TYPES } from '#engine/train/dpo-losses.ts';
import { DpoMethod } from '#engine/train/dpo-method.ts';
import { KtoMethod } from '#engine/train/kto-method.ts';
import { EVERYTHING_AT_ONCE } from '#engine/train/memory-plan.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import type { Method, MethodOptions } from '#engine/train/method.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { Trainer } from '#engine/train/trainer.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { loadModel } from '#test/support/load-model.ts';

const FOLDER = join(import.meta.dirname, '../golden/trl');
/** TRL's own float32 sums differ by this much from any other order of summation; the loop itself adds nothing. */
const EXACT = 1e-5;
const METRIC = 1e-4;
const ADAPTER = 2e-4;

type Entry = Record<string, number>;
interface Trace {
  config: Record<string, number | string>;
  dataset: Record<string, unknown>[];
  log_history: Entry[];
}

const common = {
  learning_rate: 1e-2,
  lr_scheduler_type: 'cosine',
  num_train_epochs: 2,
  max_length: 128,
  shuffle: false,
  lora_r: 4,
  lora_alpha: 8,
  target_modules: ['q_proj', 'v_proj', 'down_proj'],
};

describe.each(['kto_default', 'kto_weighted', 'kto_apo_zero_unpaired'])('the KTO run %s', (name) => {
  // Memory is saved in ways that must not change the numbers; a chunk of 30 tokens holds one row.
  it.each([
    {},
    { chunkTokens: 30 },
    { headGroups: 3 },
    { recompute: true, chunkTokens: 60, headGroups: 2 },
    { rowGradients: false, chunkTokens: 60 },
  ])('reproduces TRL with the memory plan %o', async (memory) => {
    const trace = JSON.parse(await readFile(join(FOLDER, name, 'trace.json'), 'utf8')) as Trace;
    const { config } = trace;
    const settings = {
      ...common,
      loss_type: config['loss_type'],
      beta: config['beta'],
      desirable_weight: config['desirable_weight'],
      undesirable_weight: config['undesirable_weight'],
      warmup_steps: config['warmup_steps'],
      weight_decay: config['weight_decay'],
      max_grad_norm: config['max_grad_norm'],
      per_device_train_batch_size: 4,
      gradient_accumulation_steps: 2,
    };
    const rows = trace.dataset.map((row, i): TokenisedExample => ({
      row: i + 1,
      ...ids(row, 'prompt', 'completion'),
      label: row['label'] as boolean,
    }));
    await expect(
      expectSameRun(
        {
          method: 'kto',
          settings,
          initial: join(FOLDER, name, 'adapter_init'),
          final: join(FOLDER, name, 'adapter_final'),
          log: trace.log_history,
          memory,
        },
        (options) => KtoMethod.open(options, rows, rows),
      ),
    ).resolves.toBeUndefined();
  });
});

describe('the DPO run', () => {
  it.each(DPO_LOSS_TYPES)('%s reproduces TRL', async (lossType) => {
    const trace = JSON.parse(await readFile(join(FOLDER, 'dpo_trace.json'), 'utf8')) as {
      dataset: Record<string, unknown>[];
      log_history: Record<string, Entry[]>;
    };
    const smoothing = { exo_pair: 1e-3, robust: 0.1 }[lossType as string] ?? 0;
    const settings = { ...common, loss_type: lossType, label_smoothing: smoothing, per_device_train_batch_size: 4 };
    const rows = trace.dataset.map((row, i): TokenisedPair => ({ row: i + 1, ...ids(row, 'prompt', 'chosen', 'rejected') }));
    const final = join(FOLDER, `dpo_${lossType}`, 'adapter_final');
    await expect(
      expectSameRun(
        {
          method: 'dpo',
          settings,
          initial: join(FOLDER, 'dpo_adapter_init'),
          final,
          log: trace.log_history[lossType] as Entry[],
          memory: { chunkTokens: 64 },
        },
        (options) => DpoMethod.open(options, rows, rows),
      ),
    ).resolves.toBeUndefined();
  });
});

function ids<const Name extends string>(row: Record<string, unknown>, ...names: Name[]): Record<`${Name}Ids`, Int32Array> {
  return Object.fromEntries(names.map((name) => [`${name}Ids`, Int32Array.from(row[`${name}_ids`] as number[])])) as Record<
    `${Name}Ids`,
    Int32Array
  >;
}

interface Run {
  readonly method: 'kto' | 'dpo';
  readonly settings: Record<string, unknown>;
  readonly initial: string;
  readonly final: string;
  readonly log: readonly Entry[];
  readonly memory: Partial<MemoryPlan>;
}

async function expectSameRun(run: Run, makeMethod: (options: MethodOptions) => Promise<Method>): Promise<void> {
  const model = await loadModel(join(FOLDER, 'base'));
  const start = await readAdapterFolder(run.initial);
  const { modules } = resolveTargetModules(start.config, linearModules(model.config));
  const parameters = new Map(
    [...start.tensors].flatMap(([module, { loraA, loraB }]) => [
      [loraInputName(module, 'lora_A'), loraA.data.slice()],
      [loraInputName(module, 'lora_B'), loraB.data.slice()],
    ]),
  );
  const { settings } = resolveSettings({ ...run.settings, method: run.method });
  const method = await makeMethod({
    ...model,
    backend: onnxRuntimeBackend({ threads: 1 }),
    modules,
    memory: { ...EVERYTHING_AT_ONCE, ...run.memory },
    settings,
    referenceParameters: null,
    knownReferences: null,
    signal: undefined,
  });
  const trainer = new Trainer({ method, settings, parameters });
  const logs: Entry[] = [];
  const evaluations: Entry[] = [];
  for await (const event of trainer.run()) {
    if (event.kind === 'log') logs.push(event.entry);
    if (event.kind === 'evaluation') evaluations.push(event.entry);
  }
  await method.release();

  const expected = run.log.filter((entry) => 'loss' in entry);
  expect(logs).toHaveLength(expected.length);
  expected.forEach((entry, i) => compare(logs[i] as Entry, entry));
  compare(evaluations.at(-1) as Entry, run.log.find((entry) => 'eval_loss' in entry) as Entry);

  const final = await readAdapterFolder(run.final);
  for (const [module, { loraA, loraB }] of final.tensors) {
    compareTensor(parameters.get(loraInputName(module, 'lora_A')) as Float32Array, loraA.data);
    compareTensor(parameters.get(loraInputName(module, 'lora_B')) as Float32Array, loraB.data);
  }
}

function compare(got: Entry, expected: Entry): void {
  for (const [key, value] of Object.entries(expected)) {
    if (key.includes('runtime') || key.includes('per_second')) continue;
    const tolerance = ['loss', 'grad_norm', 'learning_rate'].includes(key) ? EXACT : METRIC;
    expect(got).toHaveProperty([key]);
    // A reward is beta times the difference of two log-probabilities of up to 56, which float32 resolves to 4e-6.
    const scale = Math.max(Math.abs(value), key.includes('rewards/') ? 5e-3 : 0);
    expect(Math.abs((got[key] as number) - value), `${key}: got ${got[key]}, expected ${value}`).toBeLessThanOrEqual(tolerance * scale);
  }
  const extra = Object.keys(got).filter((key) => !(key in expected));
  expect(extra).toEqual([]);
}

function compareTensor(got: Float32Array, expected: Float32Array): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (got[i] as number))), 0);
  expect(worst / largest).toBeLessThanOrEqual(ADAPTER);
}
