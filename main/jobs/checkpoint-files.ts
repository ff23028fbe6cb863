/**
 * @file Checkpoints on disk: `checkpoint-<step>/` with the adapter as PEFT writes it, the optimizer's moments and trainer_state.json. A checkpoint
 * is written under a temporary name and renamed when it is whole, so that a folder with the right name is always a valid one.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, FormatError } from '#contract/errors.ts';
import type { Adapter } from '#engine/adapter/adapter.ts';
import { optimizerState, optimizerTensors, parseCheckpointState } from '#engine/train/checkpoint-state.ts';
import type { CheckpointState } from '#engine/train/checkpoint-state.ts';
import type { AdamWState } from '#engine/train/adamw.ts';
import { readAdapterFolder, writeAdapterFolder } from '#io/adapter-folder.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { writeSafetensors } from '#io/safetensors/write-safetensors.ts';

const STATE = 'trainer_state.json';
const OPTIMIZER = 'optimizer.safetensors';
const PREFIX = 'checkpoint-';
/** Marks a checkpoint that was being written when its process ended. */
const UNFINISHED = '.unfinished-';
/** The newest, and the one before it in case the newest was damaged by the disk. */
const KEPT = 2;

export interface Checkpoint {
  readonly state: CheckpointState;
  readonly adapter: Adapter;
  readonly optimizer: AdamWState;
}

export function checkpointDirOf(runDir: string, step: number): string {
  return join(runDir, `${PREFIX}${step}`);
}

/**
 * Writes a checkpoint, then removes all but the newest two.
 * @returns its folder
 * @throws {StorageError} if it can't be written; earlier checkpoints are untouched
 */
export async function writeCheckpoint(
  runDir: string,
  { state, adapter, optimizer }: Checkpoint,
  options: { writeChunk?: ChunkWriter } = {},
): Promise<string> {
  const final = checkpointDirOf(runDir, state.step);
  const folder = await makeFolder(runDir);
  try {
    await writeAdapterFolder(folder, adapter, options);
    const tensors = [...optimizerTensors(optimizer)].map(([name, data]) => ({ name, dtype: 'F32' as const, shape: [data.length], data }));
    await writeSafetensors(join(folder, OPTIMIZER), tensors, {}, options);
    await writeFileAtomically(join(folder, STATE), `${JSON.stringify(state, null, 2)}\n`, options);
    await rm(final, { recursive: true, force: true }); // the same step of an earlier try
    await rename(folder, final);
    await syncFolder(runDir);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw asStorageError(error, 'write', final);
  }
  for (const old of (await listCheckpoints(runDir)).slice(KEPT)) await rm(old, { recursive: true, force: true });
  return final;
}

/**
 * The newest checkpoint that can be read.
 * @returns null if there is none at all
 * @throws {FormatError} if there are some, but none of them is whole
 */
export async function readNewestCheckpoint(
  runDir: string,
): Promise<{ dir: string; checkpoint: Checkpoint; damaged: readonly string[] } | null> {
  const damaged: string[] = [];
  let firstError: AppError | null = null;
  for (const dir of await listCheckpoints(runDir)) {
    try {
      return { dir, checkpoint: await readCheckpoint(dir), damaged };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      firstError ??= error;
      damaged.push(dir);
    }
  }
  if (firstError === null) return null;
  throw new FormatError(`No checkpoint in ${runDir} can be read. ${firstError.message}`, { file: runDir }, { cause: firstError });
}

export async function readCheckpoint(dir: string): Promise<Checkpoint> {
  const stateFile = join(dir, STATE);
  const state = parseCheckpointState(await readJsonFile(stateFile), stateFile);
  const header = await readSafetensorsHeader(join(dir, OPTIMIZER));
  const tensors = new Map<string, Float32Array>();
  for (const name of header.tensors.keys()) tensors.set(name, await readTensorAsFloat32(header, name));
  return { state, adapter: await readAdapterFolder(dir), optimizer: optimizerState(tensors, state.step) };
}

/** Removes what killed processes left half-written. Call it only while the folder is locked. */
export async function removeUnfinishedCheckpoints(runDir: string): Promise<void> {
  for (const name of await readdir(runDir)) {
    if (name.startsWith(UNFINISHED)) await rm(join(runDir, name), { recursive: true, force: true });
  }
}

/** Folders of checkpoints, newest first. */
async function listCheckpoints(runDir: string): Promise<string[]> {
  const steps = (await readdir(runDir)).flatMap((name) => (/^checkpoint-\d+$/.test(name) ? [Number(name.slice(PREFIX.length))] : []));
  return steps.toSorted((a, b) => b - a).map((step) => checkpointDirOf(runDir, step));
}

async function makeFolder(runDir: string): Promise<string> {
  try {
    const folder = join(runDir, `${UNFINISHED}${randomUUID()}`);
    await mkdir(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw asStorageError(error, 'write', runDir);
  }
}

/** Makes the rename itself durable. Windows has no such call and needs none. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
