/** @file The golden training runs of TRL 1.13 on any backend: their rows and settings, and what comes out. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveTargetModules } from '#engine/adapter/target-modules.ts';
import type { TokenisedExample, TokenisedPair } from '#engine/data/tokenised.ts';
import type { Backend } from '#engine/graph/backend.ts';
import { loraInputName } from '#engine/model/lora.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import type { ChunkSize } from '#engine/train/chunk-size.ts';
import type { DpoLossType } from '#engine/train/dpo-losses.ts';
import { DpoMethod } from '#engine/train/dpo-method.ts';
import { KtoMethod } from '#engine/train/kto-method.ts';
import { EVERYTHING_AT_ONCE } from '#engine/train/memory-plan.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import type { Method, MethodOptions } from '#engine/train/method.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import type { LoraParameters } from '#engine/train/row-pass.ts';
import { Trainer } from '#engine/train/trainer.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { loadModel } from '#test/support/load-model.ts';

const FOLDER = join(import.meta.dirname, '../golden/trl');

export type Entry = Record<string, number>;
interface Trace {
  config: Record<string, number | string>;
  dataset: Record<string, unknown>[];
  log_history: Entry[];
}

export interface GoldenRun {
  readonly method: 'kto' | 'dpo';
  readonly settings: Record<string, unknown>;
  /** PEFT folders that TRL began and ended with. */
  readonly initial: string;
  readonly final: string;
  /** What TRL logged. */
  readonly log: readonly Entry[];
  /** @param evaluates - on the training rows, as TRL did */
  readonly open: (options: MethodOptions, evaluates: boolean) => Promise<Method>;
}

/** What a run on a backend gave. */
export interface GoldenOutcome {
  readonly logs: readonly Entry[];
  readonly evaluation: Entry;
  readonly parameters: LoraParameters;
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

export async function goldenKtoRun(name: string): Promise<GoldenRun> {
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
  const folder = join(FOLDER, name);
  return {
    method: 'kto',
    settings,
    initial: join(folder, 'adapter_init'),
    final: join(folder, 'adapter_final'),
    log: trace.log_history,
    open: (options, evaluates) => KtoMethod.open(options, rows, evaluates ? rows : null),
  };
}

export async function goldenDpoRun(lossType: DpoLossType): Promise<GoldenRun> {
  const trace = JSON.parse(await readFile(join(FOLDER, 'dpo_trace.json'), 'utf8')) as {
    dataset: Record<string, unknown>[];
    log_history: Record<string, Entry[]>;
  };
  const smoothing = { exo_pair: 1e-3, robust: 0.1 }[lossType as string] ?? 0;
  const rows = trace.dataset.map((row, i): TokenisedPair => ({ row: i + 1, ...ids(row, 'prompt', 'chosen', 'rejected') }));
  return {
    method: 'dpo',
    settings: { ...common, loss_type: lossType, label_smoothing: smoothing, per_device_train_batch_size: 4 },
    initial: join(FOLDER, 'dpo_adapter_init'),
    final: join(FOLDER, `dpo_${lossType}`, 'adapter_final'),
    log: trace.log_history[lossType] as Entry[],
    open: (options, evaluates) => DpoMethod.open(options, rows, evaluates ? rows : null),
  };
}

export interface RunGoldenOptions {
  readonly memory?: Partial<MemoryPlan>;
  /** Stop after so many steps, without an evaluation; else the whole run. */
  readonly steps?: number | undefined;
  readonly chunks?: ChunkSize;
}

export async function runGolden(
  run: GoldenRun,
  backend: Backend,
  { memory = {}, steps, chunks }: RunGoldenOptions = {},
): Promise<GoldenOutcome> {
  const model = await loadModel(join(FOLDER, 'base'));
  const start = await readAdapterFolder(run.initial);
  const { modules } = resolveTargetModules(start.config, linearModules(model.config));
  const parameters = new Map(
    [...start.tensors].flatMap(([module, { loraA, loraB }]) => [
      [loraInputName(module, 'lora_A'), loraA.data.slice()],
      [loraInputName(module, 'lora_B'), loraB.data.slice()],
    ]),
  );
  const { settings } = resolveSettings({
    ...run.settings,
    method: run.method,
    ...(steps === undefined ? {} : { max_steps: steps }),
  });
  const options: MethodOptions = {
    ...model,
    backend,
    modules,
    memory: { ...EVERYTHING_AT_ONCE, ...memory },
    chunks,
    settings,
    referenceParameters: null,
    knownReferences: null,
    signal: undefined,
  };
  const method = await run.open(options, steps === undefined);
  const trainer = new Trainer({ method, settings, parameters });
  const logs: Entry[] = [];
  const evaluations: Entry[] = [];
  try {
    for await (const event of trainer.run()) {
      if (event.kind === 'log') logs.push(event.entry);
      if (event.kind === 'evaluation') evaluations.push(event.entry);
    }
  } finally {
    await method.release();
  }
  return { logs, evaluation: evaluations.at(-1) ?? {}, parameters };
}

function ids<const Name extends string>(row: Record<string, unknown>, ...names: Name[]): Record<`${Name}Ids`, Int32Array> {
  return Object.fromEntries(names.map((name) => [`${name}Ids`, Int32Array.from(row[`${name}_ids`] as number[])])) as Record<
    `${Name}Ids`,
    Int32Array
  >;
}
