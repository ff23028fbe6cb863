/** @file Small training runs from files to files: rows, requests, and what a run leaves behind. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend } from '#engine/graph/backend.ts';
import type { EngineName } from '#contract/engines.ts';
import { trainingJob } from '#jobs/training-job.ts';
import type { JobEvent, TrainingRequest } from '#jobs/training-request.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';

/** 2 layers, hidden 32, byte vocabulary of 259. */
export const BASE_MODEL = join(import.meta.dirname, '../golden/trl/base');

export type JsonRow = Readonly<Record<string, unknown>>;

/** Examples of token ids; every third is undesirable. */
export function tokenExamples(count: number): JsonRow[] {
  return Array.from({ length: count }, (_, i) => ({
    prompt_ids: [1, 3 + i, 40 + (i % 7)],
    completion_ids: [50 + i, 60 + ((5 * i) % 11), 3 + (i % 5), 2].slice(i % 2),
    label: i % 3 !== 0,
  }));
}

/** Pairs of token ids. */
export function tokenPairs(count: number): JsonRow[] {
  return Array.from({ length: count }, (_, i) => ({
    prompt_ids: [1, 3 + i, 40 + (i % 7)],
    chosen_ids: [50 + i, 60 + ((5 * i) % 11), 2],
    rejected_ids: [90 + i, 3 + (i % 5), 100 + i, 2].slice(i % 2),
  }));
}

export async function writeRows(folder: string, rows: readonly unknown[], name = 'rows.jsonl'): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

/** A request with what matters to the test; the cache is beside the output folder. */
export function requestFor(request: Pick<TrainingRequest, 'dataFile' | 'outDir'> & Partial<TrainingRequest>): TrainingRequest {
  return {
    modelDir: BASE_MODEL,
    evalDataFile: null,
    settings: {},
    adapterInitDir: null,
    resume: false,
    memoryBudgetBytes: null,
    cacheDir: join(request.outDir, '../cache'),
    badRows: 'stop',
    probePromptsFile: null,
    ...request,
  };
}

export interface RunOptions {
  /** Asked after each event; true aborts the run. */
  readonly stopAt?: (event: JobEvent) => boolean;
  readonly writeChunk?: ChunkWriter;
  readonly signal?: AbortSignal;
  readonly open?: (engine: EngineName) => Promise<Backend>;
}

/** Runs a job to its end. @returns what it told */
export async function runJob(request: TrainingRequest, { stopAt, writeChunk, signal, open }: RunOptions = {}): Promise<JobEvent[]> {
  const stop = new AbortController();
  const events: JobEvent[] = [];
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  for await (const event of trainingJob(request, { signal: either, ...(writeChunk ? { writeChunk } : {}), ...(open ? { open } : {}) })) {
    events.push(event);
    if (stopAt?.(event) === true) stop.abort();
  }
  return events;
}

export function eventsOf<Kind extends JobEvent['kind']>(events: readonly JobEvent[], kind: Kind): Extract<JobEvent, { kind: Kind }>[] {
  return events.filter((event): event is Extract<JobEvent, { kind: Kind }> => event.kind === kind);
}

export interface RunOutcome {
  readonly adapter: string;
  readonly metrics: string;
  readonly optimizer: string;
  readonly trainLoss: number;
}

/** The bytes of the final adapter and of the optimizer's moments (as hexadecimal text), and the metrics. */
export async function outcomeOf(outDir: string): Promise<RunOutcome> {
  const record = JSON.parse(await readFile(join(outDir, 'run.json'), 'utf8')) as { result: { train_loss: number } };
  return {
    adapter: await readFile(join(outDir, 'adapter_model.safetensors'), 'hex'),
    metrics: await readFile(join(outDir, 'metrics.jsonl'), 'utf8'),
    optimizer: await readFile(join(outDir, (await checkpointsIn(outDir)).at(-1) ?? '', 'optimizer.safetensors'), 'hex'),
    trainLoss: record.result.train_loss,
  };
}

/** Names of the checkpoints, oldest first. */
export async function checkpointsIn(outDir: string): Promise<string[]> {
  const names = (await readdir(outDir)).filter((name) => name.startsWith('checkpoint-'));
  return names.toSorted((a, b) => Number(a.slice(11)) - Number(b.slice(11)));
}

/** A finished run's folder holds this, and nothing half-written. */
export const FINISHED_FILES: readonly string[] = [
  'adapter_config.json',
  'adapter_model.safetensors',
  'metrics.jsonl',
  'reference_logps.safetensors',
  'run.json',
];
