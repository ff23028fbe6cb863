/** @file What one run of `npm run bench -- kto | dpo` works on, for each of its processes: the model, the rows, and how chunks are made. */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from '#contract/engines.ts';
import type { ComputeDtype } from '#engine/graph/compute-dtype.ts';
import { prepareData } from '#jobs/prepare-data.ts';
import { readRows } from '#jobs/read-rows.ts';
import { openModel } from '#jobs/open-model.ts';
import type { OpenedModel } from '#jobs/open-model.ts';
import type { TokenisedExample, TokenisedPair } from '#engine/data/tokenised.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import { randomExamples, randomPairs } from './bench-rows.ts';
import { ensureRandomModel } from '#engines/random-model.ts';
import { tinyLlamaConfig } from './tiny-llama-config.ts';

export interface BenchJob {
  readonly method: 'kto' | 'dpo';
  readonly engine: EngineName;
  readonly dtype: ComputeDtype;
  /** Hugging Face folder, or null for a random TinyLlama-shaped model. */
  readonly model: string | null;
  /** A data file for that model, or null for random rows: prompts of 60-120 tokens, completions of 20-80. */
  readonly data: string | null;
  readonly layers: number;
  readonly batch: number;
  readonly steps: number;
  readonly chunkTokens: number;
  readonly headGroups: number;
  readonly recompute: boolean;
  /** Folder for what the processes tell each other. */
  readonly work: string;
}

export interface BenchWork {
  readonly job: BenchJob;
  readonly modelDir: string;
  readonly model: OpenedModel;
  readonly settings: TrainingSettings;
  /** `batch · steps` rows of the method; the other list is empty. */
  readonly examples: readonly TokenisedExample[];
  readonly pairs: readonly TokenisedPair[];
}

export const LEARNING_RATE = 5e-4;
export const BETA = 0.1;

export async function readBenchJob(file: string): Promise<BenchJob> {
  return JSON.parse(await readFile(file, 'utf8')) as BenchJob;
}

/** @throws {AppError} if the model or the data can't be used, or there are too few rows */
export async function openBenchWork(job: BenchJob): Promise<BenchWork> {
  const modelDir =
    job.model ?? (await ensureRandomModel(join(tmpdir(), `prospect-bench-tinyllama-${job.layers}`), tinyLlamaConfig(job.layers)));
  const model = await openModel(modelDir, { cacheDir: join(tmpdir(), 'prospect-bench-cache') });
  const { settings } = resolveSettings({
    method: job.method,
    beta: BETA,
    learning_rate: LEARNING_RATE,
    lr_scheduler_type: 'constant',
    per_device_train_batch_size: job.batch,
    max_steps: job.steps,
    max_length: null,
    shuffle: false,
    lora_r: 8,
    lora_alpha: 16,
  });
  const rows = job.data === null ? randomRows(job, model.config.vocabSize) : await rowsOfFile(job.data, { model, modelDir, settings });
  const count = job.batch * job.steps;
  const [examples, pairs] = [rows.examples.slice(0, count), rows.pairs.slice(0, count)];
  if (examples.length + pairs.length < count) {
    throw new Error(
      `${job.data} has ${examples.length + pairs.length} rows for ${job.method}; --batch ${job.batch} --steps ${job.steps} need ${count}.`,
    );
  }
  return { job, modelDir, model, settings, examples, pairs };
}

interface Rows {
  readonly examples: readonly TokenisedExample[];
  readonly pairs: readonly TokenisedPair[];
}

function randomRows({ method, batch, steps }: BenchJob, vocabSize: number): Rows {
  const shape = { count: batch * steps, promptTokens: [60, 120], completionTokens: [20, 80], vocabSize, eosId: 2 } as const;
  return method === 'kto' ? { examples: randomExamples(shape), pairs: [] } : { examples: [], pairs: randomPairs(shape) };
}

async function rowsOfFile(
  file: string,
  { model, modelDir, settings }: { model: OpenedModel; modelDir: string; settings: TrainingSettings },
): Promise<Rows> {
  const { rows } = await readRows(file, { badRows: 'stop' });
  const data = await prepareData({ file, rows }, null, {
    settings,
    modelDir,
    vocabSize: model.config.vocabSize,
    startedAt: new Date(),
    badRows: 'stop',
  });
  return data.method === 'kto' ? { examples: data.train.rows, pairs: [] } : { examples: [], pairs: data.train.rows };
}
