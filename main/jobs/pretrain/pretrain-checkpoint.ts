/**
 * @file Checkpoints of pretraining: one file `checkpoint-<step>.safetensors` with the weights, AdamW's moments, and the rest of the state as its
 * metadata. It is written under another name and renamed, so that a file of that name is whole.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, FormatError, SettingsError } from '#contract/errors.ts';
import type { TrainedWeights } from '#engine/pretrain/initial-weights.ts';
import type { PretrainerState } from '#engine/pretrain/pretrainer.ts';
import { optimizerState, optimizerTensors } from '#engine/train/checkpoint-state.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { writeSafetensors } from '#io/safetensors/write-safetensors.ts';

const WEIGHT = 'weight.';
/** In case the newest is damaged by the disk. */
const KEPT = 2;

const count = z.number().int().min(0);
const State = z.strictObject({
  version: z.literal(1),
  step: count,
  tokens: count,
  window: z.strictObject({ lossSum: z.number(), steps: count }),
  /** sha256 over settings, model, tokenizer and texts. */
  runHash: z.string(),
});

export function checkpointFileOf(dir: string, step: number): string {
  return join(dir, `checkpoint-${step}.safetensors`);
}

/** @returns its path @throws {StorageError} */
export async function writePretrainCheckpoint(
  dir: string,
  { state, weights, runHash }: { readonly state: PretrainerState; readonly weights: TrainedWeights; readonly runHash: string },
  options: { readonly writeChunk?: ChunkWriter } = {},
): Promise<string> {
  const { step, tokens, window, optimizer } = state;
  const tensors = [
    ...[...weights].map(([name, { shape, values }]) => ({ name: WEIGHT + name, dtype: 'F32' as const, shape, data: values })),
    ...[...optimizerTensors(optimizer)].map(([name, data]) => ({ name, dtype: 'F32' as const, shape: [data.length], data })),
  ];
  const file = checkpointFileOf(dir, step);
  await writeSafetensors(file, tensors, { state: JSON.stringify({ version: 1, step, tokens, window, runHash }) }, options);
  for (const old of (await listSteps(dir)).slice(KEPT)) await rm(checkpointFileOf(dir, old), { force: true });
  return file;
}

/**
 * The newest that can be read; its weights replace those given.
 * @returns null if there is none
 * @throws {SettingsError} if it belongs to another run
 * @throws {FormatError} if none of them can be read
 */
export async function readPretrainCheckpoint(dir: string, weights: TrainedWeights, runHash: string): Promise<PretrainerState | null> {
  let firstError: AppError | null = null;
  for (const step of await listSteps(dir)) {
    try {
      return await readFile(checkpointFileOf(dir, step), weights, runHash);
    } catch (error) {
      if (!(error instanceof AppError) || error instanceof SettingsError) throw error;
      firstError ??= error;
    }
  }
  if (firstError) throw firstError;
  return null;
}

/** When the model is there. @throws {StorageError} */
export async function removePretrainCheckpoints(dir: string): Promise<void> {
  for (const step of await listSteps(dir)) await rm(checkpointFileOf(dir, step), { force: true });
}

async function readFile(file: string, weights: TrainedWeights, runHash: string): Promise<PretrainerState> {
  const header = await readSafetensorsHeader(file);
  const { step, tokens, window, runHash: made } = parseState(header.metadata['state'], file);
  if (made !== runHash) {
    throw new SettingsError(`${file} was made with other settings or texts. Restore what was used then, or start in another folder.`, {
      field: 'resume',
    });
  }
  const tensors = new Map<string, Float32Array>();
  for (const name of header.tensors.keys()) tensors.set(name, await readTensorAsFloat32(header, name));
  for (const [name, { values }] of weights) {
    const stored = tensors.get(WEIGHT + name);
    if (stored?.length !== values.length) throw damaged(file, name);
    values.set(stored);
  }
  return { step, tokens, window, optimizer: optimizerState(tensors, step) };
}

function parseState(text: string | undefined, file: string): z.infer<typeof State> {
  try {
    return State.parse(JSON.parse(text ?? ''));
  } catch {
    throw damaged(file, 'state');
  }
}

function damaged(file: string, field: string): FormatError {
  return new FormatError(`${file} is not a checkpoint of pretraining: ${field} is missing or wrong. Start in another folder.`, {
    file,
    field,
  });
}

/** Newest first. */
async function listSteps(dir: string): Promise<number[]> {
  try {
    const names = await readdir(dir);
    return names.flatMap((name) => Number(/^checkpoint-(\d+)\.safetensors$/.exec(name)?.[1] ?? []) || []).toSorted((a, b) => b - a);
  } catch (error) {
    throw asStorageError(error, 'read', dir);
  }
}
