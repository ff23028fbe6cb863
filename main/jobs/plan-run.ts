/** @file Before a run: what memory it will need, and the fastest plan that fits the budget. Reads no weights. */
import { freemem } from 'node:os';
import { OutOfMemoryError } from '#contract/errors.ts';
import type { Backend, DeviceLimits, Weights } from '#engine/graph/backend.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { resolveModelTensors } from '#engine/model/model-tensors.ts';
import { elementCount } from '#engine/tensor/tensor.ts';
import { gradientShape, heaviestBatch, trainingBatches } from '#engine/train/heaviest-batch.ts';
import type { MethodRows } from '#engine/train/heaviest-batch.ts';
import { choosePlan, fitsDevice } from '#engine/train/memory-estimate.ts';
import type { ChosenPlan, EstimateOptions } from '#engine/train/memory-estimate.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import type { ModelFolder } from '#io/model-folder.ts';
import { canBeMapped, weightRange } from '#io/weight-range.ts';
import type { PreparedData } from './prepare-data.ts';

/** Of what is free when the run begins; the rest is for the person's other programs. */
const DEFAULT_SHARE = 0.7;
/** Chunks of so many tokens are as fast as any. */
const FULL_CHUNK = 1024;

export interface RunPlan extends ChosenPlan {
  readonly budgetBytes: number;
  readonly freeBytes: number;
}

/** @param budgetBytes - null for 70 % of what is free */
export function planRun(options: EstimateOptions, budgetBytes: number | null): RunPlan {
  const freeBytes = freemem();
  const budget = budgetBytes ?? Math.floor(DEFAULT_SHARE * freeBytes);
  return { ...choosePlan(options, budget), budgetBytes: budget, freeBytes };
}

/** What the estimate needs to know, gathered from a model folder and tokenised rows. */
export function estimateOptions(
  backend: Backend,
  model: { readonly config: ModelConfig; readonly folder: ModelFolder },
  modules: readonly LoraModule[],
  {
    data,
    settings,
    limits = null,
  }: { readonly data: PreparedData; readonly settings: TrainingSettings; readonly limits?: DeviceLimits | null },
): EstimateOptions {
  const rows: MethodRows = data.method === 'kto' ? { method: 'kto', rows: data.train.rows } : { method: 'dpo', rows: data.train.rows };
  return {
    backend,
    config: model.config,
    weights: plannedRanges(model.config, model.folder),
    modules,
    shape: gradientShape(settings),
    batch: heaviestBatch(trainingBatches(rows, settings)),
    limits,
    rowTokens: tokensOf(data.train) + (data.evaluation ? tokensOf(data.evaluation) : 0),
  };
}

/** A sentence where the plan is not the fastest one, or does not fit. */
export function planNote({ memory, estimate, fits, budgetBytes, device }: RunPlan): string | null {
  const needs = `about ${gigabytes(estimate.total)} of memory, of which ${gigabytes(estimate.weights)} are the model's weights`;
  if (device !== null && !fitsDevice(device)) return tooSmallDevice(device);
  if (!fits)
    return `Even the most frugal plan needs ${needs}; the budget is ${gigabytes(budgetBytes)}. The run may be slow or be stopped by the system.`;
  if (memory.chunkTokens >= FULL_CHUNK && !memory.recompute && memory.rowGradients) return null;
  const savings = [
    ...(memory.chunkTokens >= FULL_CHUNK ? [] : [`chunks of ${memory.chunkTokens} tokens`]),
    ...(memory.recompute ? ['computing layers again in the backward pass'] : []),
    ...(memory.rowGradients ? [] : ['computing z0 beforehand']),
  ];
  const within = device?.limits.memoryBytes
    ? `${gigabytes(budgetBytes)} and the device's ${gigabytes(device.limits.memoryBytes)}`
    : gigabytes(budgetBytes);
  return `To stay within ${within}, the run saves memory by ${savings.join(' and ')}; it then needs ${needs}. The results are the same.`;
}

const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

function tooSmallDevice({ needs, limits: { memoryBytes, bufferBytes } }: NonNullable<RunPlan['device']>): string {
  const parts = [
    `${gigabytes(needs.weights + needs.activations)} in all${memoryBytes === null ? '' : ` (it has ${gigabytes(memoryBytes)})`}`,
    `${gigabytes(needs.largestValue)} in one piece${bufferBytes === null ? '' : ` (it allows ${gigabytes(bufferBytes)})`}`,
  ];
  return `Even the most frugal plan needs, on the device, about ${parts.join(' and ')}. The run may end for want of memory there; --engine onnx:cpu has the machine's memory.`;
}

/** @throws {OutOfMemoryError} if even the most frugal plan needs more private memory than is free: it would end in a kill, not in slowness */
export function refuseHopelessPlan({ estimate, fits, freeBytes, device }: RunPlan): void {
  if (device !== null) refuseHopelessDevice(device);
  if (device !== null && device.limits.memoryBytes !== null) return; // activations are not in the machine's memory
  const needed = estimate.total - estimate.weights; // weights are mapped from the disk and can be dropped and read again
  if (fits || needed <= freeBytes) return;
  throw new OutOfMemoryError(
    `This run needs at least ${gigabytes(needed)} of memory besides the model's weights, and ${gigabytes(freeBytes)} are free. ` +
      'Close other programs, lower per_device_train_batch_size or max_length, or use a smaller model.',
    { neededBytes: needed, availableBytes: freeBytes },
  );
}

function refuseHopelessDevice({ needs, limits: { memoryBytes, bufferBytes } }: NonNullable<RunPlan['device']>): void {
  const advice = 'Choose a smaller model, or let the processor compute: --engine onnx:cpu.';
  if (memoryBytes !== null && needs.weights > memoryBytes) {
    throw new OutOfMemoryError(
      `The model's weights need ${gigabytes(needs.weights)} on the device, which has ${gigabytes(memoryBytes)}. ${advice}`,
      { neededBytes: needs.weights, availableBytes: memoryBytes },
    );
  }
  if (bufferBytes !== null && needs.largestWeight > bufferBytes) {
    throw new OutOfMemoryError(
      `The model's largest weight takes ${gigabytes(needs.largestWeight)}, and the device allows ${gigabytes(bufferBytes)} in one piece. ${advice}`,
      { neededBytes: needs.largestWeight, availableBytes: bufferBytes },
    );
  }
}

/** Where each weight will lie once the model is open; only types, sizes and identity matter here. */
function plannedRanges(config: ModelConfig, folder: ModelFolder): Weights {
  const stored = resolveModelTensors(config, folder.tensors, folder.dir);
  return new Map(
    [...stored].flatMap(([name, source]) => {
      const location = folder.tensors.get(source);
      if (!location) return [];
      if (canBeMapped(location)) return [[name, weightRange(location)]];
      return [[name, { ...location, dtype: 'float32', byteLength: 4 * elementCount(location.shape) }]];
    }),
  );
}

function tokensOf({
  report,
  rows,
}: {
  report: { meanPromptTokens: number; meanCompletionTokens: number };
  rows: readonly unknown[];
}): number {
  return Math.round(rows.length * (report.meanPromptTokens + 2 * report.meanCompletionTokens));
}
