/**
 * @file Checkpoints on disk: `checkpoint-<step>/` with the adapter as PEFT writes it, the optimizer's moments and trainer_state.json. A checkpoint
 * is written under a temporary name and renamed when it is whole, so that a folder with the right name is always a valid one.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, FormatError, StorageError } from '#contract/errors.ts';
import type { Adapter } from '#engine/adapter/adapter.ts';
import { loraInputName } from '#engine/model/lora.ts';
import { optimizerState, optimizerTensors, parseCheckpointState } from '#engine/train/checkpoint-state.ts';
import type { CheckpointState } from '#engine/train/checkpoint-state.ts';
import type { AdamWState } from '#engine/train/adamw.ts';
import { readAdapterFolder, writeAdapterFolder } from '#io/adapter-folder.ts';
import { asStorageError, systemErrorCode } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { writeSafetensors } from '#io/safetensors/write-safetensors.ts';
import { syncFolder } from '#io/sync-folder.ts';
import { removeStaleTemporaryFiles } from '#io/temporary-file.ts';

const STATE = 'trainer_state.json';
const OPTIMIZER = 'optimizer.safetensors';
const PREFIX = 'checkpoint-';
/** Marks a checkpoint that was being written when its process ended. */
const UNFINISHED = '.unfinished-';
/** In case the newest is damaged by the disk. */
const KEPT_BEFORE = 1;

export interface Checkpoint {
  readonly state: CheckpointState;
  readonly adapter: Adapter;
  readonly optimizer: AdamWState;
}

export function checkpointDirOf(runDir: string, step: number): string {
  return join(runDir, `${PREFIX}${step}`);
}

/**
 * Writes a checkpoint, then removes all but it and the one before. Later ones belong to steps that were made again, so they go too.
 * @returns its folder
 * @throws {StorageError} if it can't be written; earlier checkpoints are untouched and nothing is left behind
 */
export async function writeCheckpoint(
  runDir: string,
  { state, adapter, optimizer }: Checkpoint,
  options: { readonly writeChunk?: ChunkWriter } = {},
): Promise<string> {
  const final = checkpointDirOf(runDir, state.step);
  const folder = join(runDir, `${UNFINISHED}${randomUUID()}`);
  try {
    await mkdir(folder);
    await writeAdapterFolder(folder, adapter, options);
    const tensors = [...optimizerTensors(optimizer)].map(([name, data]) => ({ name, dtype: 'F32' as const, shape: [data.length], data }));
    await writeSafetensors(join(folder, OPTIMIZER), tensors, {}, options);
    await writeFileAtomically(join(folder, STATE), `${JSON.stringify(state, null, 2)}\n`, options);
    await removeCheckpoint(runDir, state.step); // the same step of an earlier try
    await rename(folder, final);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // Not the temporary name, which nobody would find.
    throw asStorageError((error instanceof StorageError ? error.cause : null) ?? error, 'write', final);
  }
  await syncFolder(runDir);
  await removeOthers(runDir, state.step);
  return final;
}

/** Step of the newest checkpoint, whole or not; null if there is none. @throws {StorageError} */
export async function newestCheckpointStep(runDir: string): Promise<number | null> {
  return (await listSteps(runDir))[0] ?? null;
}

/**
 * The newest checkpoint that can be read.
 * @returns null if there is none at all
 * @throws {FormatError} if there are some, but none of them is whole
 * @throws {StorageError} if the folder can't be read
 */
export async function readNewestCheckpoint(
  runDir: string,
): Promise<{ dir: string; checkpoint: Checkpoint; damaged: readonly string[] } | null> {
  const damaged: string[] = [];
  let firstError: AppError | null = null;
  for (const step of await listSteps(runDir)) {
    const dir = checkpointDirOf(runDir, step);
    try {
      return { dir, checkpoint: await readCheckpoint(dir), damaged };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      firstError ??= error;
      damaged.push(dir);
    }
  }
  if (firstError === null) return null;
  throw new FormatError(
    `No checkpoint in ${runDir} can be read. ${firstError.message} If that can't be mended, start a new run in another folder.`,
    { file: runDir },
    { cause: firstError },
  );
}

/** @throws {FormatError | StorageError} if a file is missing, damaged, or not of the same step as the others */
export async function readCheckpoint(dir: string): Promise<Checkpoint> {
  const stateFile = join(dir, STATE);
  const state = parseCheckpointState(await readJsonFile(stateFile), stateFile);
  const adapter = await readAdapterFolder(dir);
  const header = await readSafetensorsHeader(join(dir, OPTIMIZER));
  const tensors = new Map<string, Float32Array>();
  for (const name of header.tensors.keys()) tensors.set(name, await readTensorAsFloat32(header, name));
  const optimizer = optimizerState(tensors, state.step);
  checkMomentsFit(header.file, adapter, optimizer);
  return { state, adapter, optimizer };
}

/** Removes what killed processes left half-written. Call it only while the folder is locked. @throws {StorageError} */
export async function removeUnfinishedFiles(runDir: string): Promise<void> {
  await removeStaleTemporaryFiles(runDir);
  for (const name of await listNames(runDir)) {
    if (name.startsWith(UNFINISHED)) await remove(join(runDir, name));
  }
}

function checkMomentsFit(file: string, adapter: Adapter, { firstMoments, secondMoments }: AdamWState): void {
  for (const [module, { loraA, loraB }] of adapter.tensors) {
    const factors = { lora_A: loraA, lora_B: loraB };
    for (const factor of ['lora_A', 'lora_B'] as const) {
      const name = loraInputName(module, factor);
      const { length } = factors[factor].data;
      if ([firstMoments, secondMoments].every((moments) => moments.get(name)?.length === length)) continue;
      throw new FormatError(`${file} has no moments of ${length} elements for ${name}, so it does not belong to the adapter beside it.`, {
        file,
        field: name,
      });
    }
  }
}

/** All but the checkpoint of `step` and the newest before it. What can't be removed now is tried again with the next checkpoint. */
async function removeOthers(runDir: string, step: number): Promise<void> {
  const steps = await listSteps(runDir).catch(() => []);
  const before = steps.filter((other) => other < step).slice(KEPT_BEFORE);
  const after = steps.filter((other) => other > step);
  for (const other of [...before, ...after]) await removeCheckpoint(runDir, other).catch(() => undefined);
}

/** Renamed first, so that no half-removed folder ever has a checkpoint's name. */
async function removeCheckpoint(runDir: string, step: number): Promise<void> {
  const aside = join(runDir, `${UNFINISHED}${randomUUID()}`);
  try {
    await rename(checkpointDirOf(runDir, step), aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

/** Steps of the checkpoints, newest first. */
async function listSteps(runDir: string): Promise<number[]> {
  const steps = (await listNames(runDir)).flatMap((name) => (/^checkpoint-\d+$/.test(name) ? [Number(name.slice(PREFIX.length))] : []));
  return steps.toSorted((a, b) => b - a);
}

async function listNames(runDir: string): Promise<readonly string[]> {
  try {
    return await readdir(runDir);
  } catch (error) {
    throw asStorageError(error, 'read', runDir);
  }
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw asStorageError(error, 'write', path);
  }
}
