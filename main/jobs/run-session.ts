/** @file Everything a training run holds open, put together before its first step. */
import { createHash } from 'node:crypto';
import { SettingsError } from '#contract/errors.ts';
import type { ChosenEngine } from '#engines/choose-engine.ts';
import { BASE_ENGINE } from '#engines/engine-name.ts';
import { startTraining } from '#engine/pipeline.ts';
import type { MethodData } from '#engine/pipeline.ts';
import { ChunkSize } from '#engine/train/chunk-size.ts';
import { checkResumable } from '#engine/train/checkpoint-state.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import type { Method, MethodOptions } from '#engine/train/method.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import { reachedBlocks } from '#engine/train/step-plan.ts';
import type { StepPlan } from '#engine/train/step-plan.ts';
import type { Trainer } from '#engine/train/trainer.ts';
import type { Checkpoint } from './checkpoint-files.ts';
import { adapterFromFolder, freshAdapter, trainable } from './initial-adapter.ts';
import type { TrainableAdapter } from './initial-adapter.ts';
import type { OpenedModel } from './open-model.ts';
import type { PreparedData } from './prepare-data.ts';
import { ReferenceStore } from './reference-store.ts';
import type { ResumedRecord } from './run-record.ts';

export interface RunSession {
  readonly adapter: TrainableAdapter;
  readonly method: Method;
  readonly trainer: Trainer;
  /** Smaller than planned where the device had too little memory. */
  readonly chunks: ChunkSize;
  readonly knownReferences: ReferenceStore | null;
  /** Fingerprint of the adapter that training starts from; null for a fresh one. */
  readonly adapterInitHash: string | null;
  /** Fingerprint of what the reference log-probabilities depend on. */
  readonly referenceKey: string;
}

export interface SessionOptions {
  readonly chosen: ChosenEngine;
  readonly model: OpenedModel;
  readonly data: PreparedData;
  readonly settings: TrainingSettings;
  readonly adapterInitDir: string | null;
  readonly checkpoint: Checkpoint | null;
  readonly memory: MemoryPlan;
  /** The run that is continued, or null. */
  readonly earlier: ResumedRecord | null;
  /** Where reference log-probabilities of all runs are kept. */
  readonly cacheDir: string;
  readonly signal: AbortSignal;
}

/** @throws {SettingsError} if the checkpoint belongs to a run with other settings, rows, model or initial adapter */
export async function openSession(options: SessionOptions): Promise<RunSession> {
  const { model, data, settings, adapterInitDir, checkpoint, memory, signal } = options;
  if (checkpoint) checkResumable(checkpoint.state, { settings, dataHash: data.train.hash, modelHash: model.hash });
  const initial = adapterInitDir === null ? freshAdapter(model, settings) : await adapterFromFolder(adapterInitDir, model);
  const adapterInitHash = adapterInitDir === null ? null : hashParameters(initial);
  if (checkpoint && options.earlier) checkSameRun(options.earlier, { evalHash: data.evaluation?.hash ?? null, adapterInitHash });
  const adapter = checkpoint ? { ...trainable(checkpoint.adapter, model), notes: initial.notes } : initial;
  // Angles of "dynamic" rope depend on the longest row of a batch, so those log-probabilities belong to their batch.
  const knownReferences =
    model.config.rope.type === 'dynamic' ? null : await ReferenceStore.open(options.cacheDir, referenceModel(options), adapterInitHash);
  const chunks = new ChunkSize(options.earlier?.smaller_chunk_tokens ?? memory.chunkTokens);
  const methodOptions: MethodOptions = {
    backend: options.chosen.backend,
    weights: model.weights,
    config: model.config,
    modules: adapter.modules,
    memory,
    chunks,
    settings,
    // A copy: the parameters themselves are about to change.
    referenceParameters: adapterInitDir === null ? null : new Map([...initial.parameters].map(([name, values]) => [name, values.slice()])),
    knownReferences,
    signal,
  };
  const { method, trainer } = await startTraining(methodOptions, methodData(data), adapter.parameters);
  if (checkpoint) {
    const { state, optimizer } = checkpoint;
    trainer.restore({ step: state.step, parameters: adapter.parameters, optimizer, metrics: state.metrics });
  }
  return {
    adapter,
    method,
    trainer,
    chunks,
    knownReferences,
    adapterInitHash,
    referenceKey: referenceKey(options, adapterInitHash, trainer.plan),
  };
}

/** What a checkpoint does not know of its run. */
function checkSameRun(earlier: ResumedRecord, now: { readonly evalHash: string | null; readonly adapterInitHash: string | null }): void {
  const refuse = (what: string, field: string) =>
    new SettingsError(`The ${what} changed since the run began. Restore what was used then, or start a new run.`, { field });
  if ((earlier.eval_data?.sha256 ?? null) !== now.evalHash) throw refuse('evaluation rows', 'eval_data');
  if ((earlier.adapter_init?.sha256 ?? null) !== now.adapterInitHash) throw refuse('initial adapter', 'adapter_init');
}

function methodData(data: PreparedData): MethodData {
  return data.method === 'kto'
    ? { method: 'kto', train: data.train.rows, evaluation: data.evaluation?.rows ?? null }
    : { method: 'dpo', train: data.train.rows, evaluation: data.evaluation?.rows ?? null };
}

function referenceKey(
  { model, data, settings: s, memory, chosen }: SessionOptions,
  adapterInitHash: string | null,
  plan: StepPlan,
): string {
  // Of rows that a short run never comes to there are no log-probabilities.
  const reached = reachedBlocks(plan);
  const pairing = [s.method, s.loss_type === 'kto', s.per_device_train_batch_size, s.per_device_eval_batch_size, s.shuffle, s.seed];
  return hashOf([
    model.hash,
    adapterInitHash,
    data.train.hash,
    data.evaluation?.hash ?? null,
    pairing,
    reached < plan.microBatchesPerEpoch ? reached : null,
    s.max_length,
    s.truncation_mode,
    memory.chunkTokens,
    memory.headGroups,
    ...(chosen.engine === BASE_ENGINE ? [] : [chosen.engine]),
    ...(chosen.dtype === 'float16' ? [chosen.dtype] : []),
  ]);
}

/** Engines differ in their last bits, so each has references of its own. */
function referenceModel({ model, chosen: { engine, dtype = 'float32' } }: SessionOptions): string {
  if (engine === BASE_ENGINE) return model.hash;
  return [model.hash, engine.replace(':', '-'), ...(dtype === 'float32' ? [] : [dtype])].join('-');
}

function hashParameters({ config, parameters }: TrainableAdapter): string {
  const hash = createHash('sha256').update(JSON.stringify(config));
  for (const [name, values] of parameters) hash.update(name).update(values);
  return hash.digest('hex');
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
