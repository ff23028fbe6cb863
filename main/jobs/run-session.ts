/** @file Everything a training run holds open, put together before its first step. */
import { createHash } from 'node:crypto';
import { totalmem } from 'node:os';
import { SettingsError } from '#contract/errors.ts';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { checkResumable } from '#engine/train/checkpoint-state.ts';
import { DpoMethod } from '#engine/train/dpo-method.ts';
import { headGroupsFor } from '#engine/train/memory-plan.ts';
import { KtoMethod } from '#engine/train/kto-method.ts';
import type { Method, MethodOptions } from '#engine/train/method.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import { Trainer } from '#engine/train/trainer.ts';
import type { Checkpoint } from './checkpoint-files.ts';
import { adapterFromFolder, freshAdapter, trainable } from './initial-adapter.ts';
import type { TrainableAdapter } from './initial-adapter.ts';
import type { OpenedModel } from './open-model.ts';
import type { PreparedData } from './prepare-data.ts';
import type { ResumedRecord } from './run-record.ts';

export interface RunSession {
  readonly backend: string;
  readonly adapter: TrainableAdapter;
  readonly method: Method;
  readonly trainer: Trainer;
  /** Fingerprint of the adapter that training starts from; null for a fresh one. */
  readonly adapterInitHash: string | null;
  /** Fingerprint of what the reference log-probabilities depend on. */
  readonly referenceKey: string;
}

export interface SessionOptions {
  readonly model: OpenedModel;
  readonly data: PreparedData;
  readonly settings: TrainingSettings;
  readonly adapterInitDir: string | null;
  readonly checkpoint: Checkpoint | null;
  readonly chunkTokens: number;
  /** The run that is continued, or null. */
  readonly earlier: ResumedRecord | null;
  readonly signal: AbortSignal;
}

/** Policy tokens per chunk on a machine with 16 GiB or more; enough for matrix products to run at full speed. */
const MAX_CHUNK_TOKENS = 1024;

/** Half as much memory, half as many tokens. Depends on the machine only, so that a resumed run cuts its chunks as before. */
export function defaultChunkTokens(): number {
  const gibibytes = totalmem() / 2 ** 30;
  return Math.max(128, Math.min(MAX_CHUNK_TOKENS, 2 ** Math.floor(Math.log2((gibibytes / 16) * MAX_CHUNK_TOKENS))));
}

/** @throws {SettingsError} if the checkpoint belongs to a run with other settings, rows, model or initial adapter */
export async function openSession(options: SessionOptions): Promise<RunSession> {
  const { model, data, settings, adapterInitDir, checkpoint, chunkTokens, signal } = options;
  if (checkpoint) checkResumable(checkpoint.state, { settings, dataHash: data.train.hash, modelHash: model.hash });
  const initial = adapterInitDir === null ? freshAdapter(model, settings) : await adapterFromFolder(adapterInitDir, model);
  const adapterInitHash = adapterInitDir === null ? null : hashParameters(initial);
  if (checkpoint && options.earlier) checkSameRun(options.earlier, { evalHash: data.evaluation?.hash ?? null, adapterInitHash });
  const adapter = checkpoint ? { ...trainable(checkpoint.adapter, model), notes: initial.notes } : initial;
  const backend = onnxRuntimeBackend();
  const methodOptions: MethodOptions = {
    backend,
    weights: model.weights,
    config: model.config,
    modules: adapter.modules,
    memory: { chunkTokens, headGroups: headGroupsFor(model.config.vocabSize, chunkTokens), recompute: false, rowGradients: true },
    settings,
    // A copy: the parameters themselves are about to change.
    referenceParameters: adapterInitDir === null ? null : new Map([...initial.parameters].map(([name, values]) => [name, values.slice()])),
    knownReferences: null,
    signal,
  };
  const method = await openMethod(methodOptions, data);
  const trainer = new Trainer({ method, settings, parameters: adapter.parameters, signal });
  if (checkpoint) {
    const { state, optimizer } = checkpoint;
    trainer.restore({ step: state.step, parameters: adapter.parameters, optimizer, metrics: state.metrics });
  }
  return { backend: backend.name, adapter, method, trainer, adapterInitHash, referenceKey: referenceKey(options, adapterInitHash) };
}

/** What a checkpoint does not know of its run. */
function checkSameRun(earlier: ResumedRecord, now: { readonly evalHash: string | null; readonly adapterInitHash: string | null }): void {
  const refuse = (what: string, field: string) =>
    new SettingsError(`The ${what} changed since the run began. Restore what was used then, or start a new run.`, { field });
  if ((earlier.eval_data?.sha256 ?? null) !== now.evalHash) throw refuse('evaluation rows', 'eval_data');
  if ((earlier.adapter_init?.sha256 ?? null) !== now.adapterInitHash) throw refuse('initial adapter', 'adapter_init');
}

function openMethod(options: MethodOptions, data: PreparedData): Promise<Method> {
  return data.method === 'kto'
    ? KtoMethod.open(options, data.train.rows, data.evaluation?.rows ?? null)
    : DpoMethod.open(options, data.train.rows, data.evaluation?.rows ?? null);
}

function referenceKey({ model, data, settings: s, chunkTokens }: SessionOptions, adapterInitHash: string | null): string {
  const pairing = [s.method, s.loss_type === 'kto', s.per_device_train_batch_size, s.per_device_eval_batch_size, s.shuffle, s.seed];
  return hashOf([
    model.hash,
    adapterInitHash,
    data.train.hash,
    data.evaluation?.hash ?? null,
    pairing,
    s.max_length,
    s.truncation_mode,
    chunkTokens,
  ]);
}

function hashParameters({ config, parameters }: TrainableAdapter): string {
  const hash = createHash('sha256').update(JSON.stringify(config));
  for (const [name, values] of parameters) hash.update(name).update(values);
  return hash.digest('hex');
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
