/** @file run.json: everything needed to know, or repeat, what a run was: settings resolved, versions, hashes of model and data. */
import { join } from 'node:path';
import { z } from 'zod';
import type { EngineName } from '#contract/engines.ts';
import { FormatError } from '#contract/errors.ts';
import { BASE_ENGINE, ENGINES } from '#engines/engine-name.ts';
import { COMPUTE_DTYPES } from '#engine/graph/compute-dtype.ts';
import type { ComputeDtype } from '#engine/graph/compute-dtype.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import manifest from '#package' with { type: 'json' };

const FILE = 'run.json';

export interface RunRecord {
  /** ISO 8601. */
  readonly started_at: string;
  readonly settings: TrainingSettings;
  readonly model: { readonly dir: string; readonly architecture: string; readonly sha256: string };
  readonly data: {
    readonly file: string;
    readonly rows: number;
    readonly droppedRows: number;
    readonly truncatedRows: number;
    readonly sha256: string;
  };
  /** `file` is null for rows held out of the training file. */
  readonly eval_data: { readonly file: string | null; readonly rows: number; readonly sha256: string } | null;
  readonly adapter_init: { readonly dir: string; readonly sha256: string } | null;
  /** Prompts answered at each evaluation. */
  readonly probe_prompts: { readonly file: string } | null;
  /** By name: `onnx:cpu`. */
  readonly engine: EngineName;
  /** What products with frozen weights were computed in. */
  readonly dtype: ComputeDtype;
  /** The library behind it, with its version. */
  readonly backend: string;
  /** Name of what it computes on, or null where the system does not tell of it. */
  readonly device: string | null;
  /** How memory was saved: a resumed run is the same bit for bit only with the same plan. */
  readonly memory_plan: StoredMemoryPlan;
  /** What chunks became after the device had too little memory for the planned ones; null if it had not. */
  readonly smaller_chunk_tokens: number | null;
  readonly status: 'running' | 'stopped' | 'finished' | 'failed';
  readonly steps: { readonly done: number; readonly total: number };
  readonly result: { readonly train_loss: number; readonly train_runtime: number } | null;
}

const StoredMemoryPlan = z.object({
  chunk_tokens: z.number().int().positive(),
  head_groups: z.number().int().positive(),
  recompute: z.boolean(),
  row_gradients: z.boolean(),
});
type StoredMemoryPlan = Readonly<z.infer<typeof StoredMemoryPlan>>;

export function storedPlan({ chunkTokens, headGroups, recompute, rowGradients }: MemoryPlan): StoredMemoryPlan {
  return { chunk_tokens: chunkTokens, head_groups: headGroups, recompute, row_gradients: rowGradients };
}

export function planOf({ chunk_tokens, head_groups, recompute, row_gradients }: StoredMemoryPlan): MemoryPlan {
  return { chunkTokens: chunk_tokens, headGroups: head_groups, recompute, rowGradients: row_gradients };
}

/** What a resumed run takes from the run before it, and what must still be the same. */
const Resumed = z.object({
  started_at: z.iso.datetime(),
  settings: z.record(z.string(), z.unknown()),
  memory_plan: StoredMemoryPlan,
  smaller_chunk_tokens: z.number().int().positive().nullish(),
  // Runs of before there was a choice were computed by the processor.
  engine: z.enum(ENGINES).catch(BASE_ENGINE),
  dtype: z.enum(COMPUTE_DTYPES).catch('float32'),
  eval_data: z.object({ file: z.string().nullable(), sha256: z.string() }).nullable(),
  adapter_init: z.object({ dir: z.string(), sha256: z.string() }).nullable(),
  /** Runs of earlier versions have none. */
  probe_prompts: z.object({ file: z.string() }).nullish(),
  result: z.object({ train_loss: z.number(), train_runtime: z.number() }).nullable(),
});
export type ResumedRecord = Readonly<z.infer<typeof Resumed>>;

/** @throws {FormatError} if run.json is not one of ours @throws {StorageError} if it can't be read */
export async function readRunRecord(runDir: string): Promise<ResumedRecord> {
  const file = join(runDir, FILE);
  const parsed = Resumed.safeParse(await readJsonFile(file));
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'the whole file';
  throw new FormatError(`${file} is not the record of a run: ${field} is missing or wrong. Start a new run in another folder.`, {
    file,
    field,
  });
}

/** @throws {StorageError} */
export async function writeRunRecord(
  runDir: string,
  record: RunRecord,
  options: { readonly writeChunk?: ChunkWriter } = {},
): Promise<void> {
  const versions = { prospect: manifest.version, node: process.versions.node };
  await writeFileAtomically(join(runDir, FILE), `${JSON.stringify({ ...record, versions }, null, 2)}\n`, options);
}
