/** @file What an export will take, and whether it can be made where a person wants it: told before anything is written. */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, StorageError } from '#contract/errors.ts';
import type { ExportDtype, ExportForm } from '#contract/exports.ts';
import { checkFreeSpace, freeBytesOf } from '#io/check-free-space.ts';
import { openModelFolder, type ModelFolder } from '#io/model-folder.ts';
import { countRowBytes } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { openExportSource, type OpenSource } from './export-sources.ts';
import { checkPlace } from './place-export.ts';

export interface WantedExport {
  readonly projectId: number;
  readonly adapterId: number;
  readonly form: ExportForm;
  readonly dtype: ExportDtype;
  /** Null: not chosen yet. */
  readonly parent: string | null;
  readonly name: string;
}

export interface ExportPlan {
  readonly neededBytes: number;
  readonly cacheBytes: number;
  readonly freeBytes: number | null;
  readonly folder: string | null;
  readonly problem: string | null;
}

/** Card, configuration, curves, tokenizer. */
const SMALL_FILES_BYTES = 200_000;
const WEIGHTS = 'adapter_model.safetensors';
/** Q8_0: 32 weights in 34 bytes. */
const BYTES_A_WEIGHT: Readonly<Record<ExportDtype, number>> = { F16: 2, Q8_0: 34 / 32, F32: 4 };

/** @throws {AppError} if the source can't be exported at all */
export async function planExport(store: Store, wanted: WantedExport): Promise<ExportPlan> {
  const source = await openExportSource(store, wanted.projectId, wanted.adapterId);
  const size = await sizeOf(store, source, wanted);
  const { parent, name } = wanted;
  if (parent === null) return { ...size, freeBytes: null, folder: null, problem: null };
  const freeBytes = await freeBytesOf(parent);
  try {
    const folder = await checkPlace(parent, name);
    await checkFreeSpace({ folder: parent, neededBytes: size.neededBytes, purpose: 'This export' });
    return { ...size, freeBytes, folder, problem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...size, freeBytes, folder: null, problem: error.message };
  }
}

async function sizeOf(
  store: Store,
  { adapterDir, modelDir, run }: OpenSource,
  { form, dtype }: WantedExport,
): Promise<{ readonly neededBytes: number; readonly cacheBytes: number }> {
  const adapterBytes = await bytesOf(join(adapterDir, WEIGHTS));
  const only = (bytes: number) => ({ neededBytes: Math.ceil(bytes + SMALL_FILES_BYTES), cacheBytes: 0 });
  switch (form) {
    case 'adapter':
      return only(adapterBytes);
    case 'merged':
      return only(storedBytes(await openModelFolder(modelDir)) + (await bytesOf(join(modelDir, 'tokenizer.json'))));
    case 'gguf':
      return only(weightsOf(await openModelFolder(modelDir)) * BYTES_A_WEIGHT[dtype]);
    case 'gguf-lora':
      return { ...only(adapterBytes), cacheBytes: Math.ceil(weightsOf(await openModelFolder(modelDir)) * BYTES_A_WEIGHT[dtype]) };
    case 'trl-job':
      return only(adapterBytes + (run?.versionId ? countRowBytes(store, run.versionId) : 0));
    default:
      return form satisfies never;
  }
}

function storedBytes({ tensors }: ModelFolder): number {
  return [...tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function weightsOf({ tensors }: ModelFolder): number {
  return [...tensors.values()].reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

async function bytesOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0;
}

/** @throws {StorageError} where it would not fit @throws {AppError} where it can't be made */
export async function refuseImpossible(store: Store, wanted: WantedExport & { readonly parent: string }): Promise<void> {
  await checkPlace(wanted.parent, wanted.name);
  const { problem } = await planExport(store, wanted);
  if (problem !== null) throw new StorageError(problem, { file: dirname(wanted.parent) });
}
