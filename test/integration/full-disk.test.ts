/** @file A disk that fills up at any moment of a run: one clear sentence, nothing half-written, and the run goes on when there is space again. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { StorageError } from '#contract/errors.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { readNewestCheckpoint } from '#jobs/checkpoint-files.ts';
import type { TrainingRequest } from '#jobs/training-request.ts';
import { fullDisk } from '#test/support/full-disk.ts';
import { float64Model } from '#test/support/float64-model.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { FINISHED_FILES, outcomeOf, requestFor, runJob, tokenExamples, writeRows } from '#test/support/training-runs.ts';

const BF16 = join(import.meta.dirname, '../golden/logits/llama_gqa_bf16');
/** Three steps, each saved. */
const SETTINGS = { per_device_train_batch_size: 4, num_train_epochs: 1, learning_rate: 1e-2, save_steps: 1, target_modules: ['q_proj'] };

let folder: string;
let request: (name: string) => TrainingRequest;
/** Pieces written by a whole run. */
let pieces = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  const dataFile = await writeRows(folder, tokenExamples(12));
  request = (name) => requestFor({ dataFile, outDir: join(folder, name), settings: SETTINGS });
  const counting: ChunkWriter = (handle, bytes) => {
    pieces++;
    return handle.appendFile(bytes);
  };
  await runJob(request('full'), { writeChunk: counting });
});

/** Everything below the folder that no run should leave. */
async function leftovers(dir: string): Promise<string[]> {
  const names = await readdir(dir, { recursive: true });
  return names.filter((name) => /\.tmp|\.unfinished|\.prospect-lock/.test(name));
}

async function newestStep(outDir: string): Promise<number> {
  const found = await readNewestCheckpoint(outDir).catch(() => null); // the folder may be gone
  return found?.checkpoint.state.step ?? 0;
}

describe('a disk that is full', () => {
  it.each([
    ['the record', () => 0, 'run.json', 0],
    ['the metrics', () => 1, 'metrics.jsonl', 0],
    ['the reference log-probabilities', () => 3, 'reference_logps.safetensors', 0],
    ["the first step's metrics", () => 5, 'metrics.jsonl', 0],
    ['the second checkpoint', () => Math.floor(pieces / 2), 'checkpoint-2', 1],
    ['the final adapter', () => pieces - 4, 'adapter_model.safetensors', 3],
    ['the last record', () => pieces - 1, 'run.json', 3],
  ])('before %s is written', async (what, chunksThatFit, file, stepsSaved) => {
    const job = request(what.replaceAll(' ', '-'));
    const run = runJob(job, { writeChunk: fullDisk(chunksThatFit()) });
    await expect(run).rejects.toThrow(StorageError);
    await expect(run).rejects.toThrow(new RegExp(`^Could not write .*${file}: the disk is full\\. Free some space, then try again\\.$`));

    const names: readonly string[] = await readdir(job.outDir).catch(() => []);
    expect(await leftovers(folder)).toEqual([]);
    expect(await newestStep(job.outDir)).toBe(stepsSaved);
    await runJob({ ...job, resume: names.includes('run.json') });
    expect(await outcomeOf(job.outDir)).toEqual(await outcomeOf(join(folder, 'full')));
    expect(await readdir(job.outDir)).toEqual([...FINISHED_FILES, 'checkpoint-2', 'checkpoint-3'].toSorted());
  });

  it('at first, but not when the failure is recorded, is remembered in the record', async () => {
    const job = request('full-for-a-moment');
    const full = fullDisk(0);
    let chunks = 0;
    const writeChunk: ChunkWriter = (handle, bytes) => (++chunks === 8 ? full(handle, bytes) : handle.appendFile(bytes));
    await expect(runJob(job, { writeChunk })).rejects.toThrow(/checkpoint-1: the disk is full/);
    const record = JSON.parse(await readFile(join(job.outDir, 'run.json'), 'utf8')) as object;
    expect(record).toMatchObject({ status: 'failed', steps: { done: 1, total: 3 } });
  });

  it('when a stopped run wants to save leaves what was saved before', async () => {
    const job = request('stopped');
    const settings = { ...SETTINGS, save_steps: 2 };
    let isFull = false;
    const full = fullDisk(0);
    const writeChunk: ChunkWriter = (handle, bytes) => (isFull ? full(handle, bytes) : handle.appendFile(bytes));
    const stopAt = (event: { kind: string; entry?: unknown }) => {
      const stop = event.kind === 'log' && (event.entry as Record<string, number>)['step'] === 3;
      isFull ||= stop;
      return stop;
    };
    await expect(runJob({ ...job, settings }, { stopAt, writeChunk })).rejects.toThrow(/checkpoint-3: the disk is full/);
    expect(await readdir(job.outDir)).toContain('checkpoint-2');
    expect((await runJob({ ...job, resume: true, settings: {} })).at(-1)?.kind).toBe('finished');
  });

  it('while weights are converted leaves neither a cache nor an output folder', async () => {
    const job = { ...request('converted'), modelDir: await float64Model(BF16), cacheDir: join(folder, 'float64-cache') };
    const run = runJob(job, { writeChunk: fullDisk(3) });
    await expect(run).rejects.toThrow(StorageError);
    await expect(run).rejects.toThrow(/float64-cache.*: the disk is full\. Free some space/);
    expect(await readdir(job.cacheDir)).toEqual(['hashes']);
    expect(await readdir(folder)).not.toContain('converted');
    expect((await runJob(job)).at(-1)?.kind).toBe('finished');
  });
});
