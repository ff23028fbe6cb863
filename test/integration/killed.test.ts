/** @file A run whose process is killed, again and again, at any moment: what it saved stays readable, and it ends in the same adapter. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '#engine/train/random.ts';
import { readNewestCheckpoint } from '#jobs/checkpoint-files.ts';
import type { TrainingRequest } from '#jobs/training-request.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import type { TrainAndDie } from '#test/support/train-and-die.ts';
import { FINISHED_FILES, outcomeOf, requestFor, runJob, tokenExamples, writeRows } from '#test/support/training-runs.ts';

const CHILD = join(import.meta.dirname, '../support/train-and-die.ts');
/** Saved after each of 24 steps, so that most of the time something is being written. */
const SETTINGS = {
  per_device_train_batch_size: 2,
  num_train_epochs: 4,
  learning_rate: 1e-2,
  eval_ratio: 0.2,
  eval_steps: 3,
  save_steps: 1,
};

/** @returns the signal that ended the process */
async function trainUntilKilled(child: TrainAndDie, killAfterMs: number | null): Promise<NodeJS.Signals | null> {
  const running = spawn(process.execPath, [CHILD, JSON.stringify(child)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(child.request.outDir, '../compile-cache') },
  });
  if (killAfterMs !== null) {
    running.stdout.once('data', () => setTimeout(() => running.kill('SIGKILL'), killAfterMs));
  }
  const [, signal] = (await once(running, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal;
}

async function newestStep(outDir: string): Promise<number> {
  return (await readNewestCheckpoint(outDir))?.checkpoint.state.step ?? 0;
}

describe('a run that is killed', () => {
  let folder: string;
  let request: (name: string) => TrainingRequest;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const dataFile = await writeRows(folder, tokenExamples(15));
    request = (name) => requestFor({ dataFile, outDir: join(folder, name), settings: SETTINGS });
    await runJob(request('full'));
  });

  it('while it writes, or at any other moment, is resumed to the same end', { timeout: 120_000 }, async () => {
    const job = request('killed');
    const random = Random.fromSeed(20261124);
    // The first pieces are run.json, metrics.jsonl and the reference log-probabilities; then each step's metrics and its checkpoint.
    const chunks = [1, 2, 4, ...Array.from({ length: 5 }, () => 10 + random.integer(110)), null, null, null, null];
    let steps = 0;
    for (const dieAtChunk of chunks) {
      const killAfterMs = dieAtChunk === null ? random.integer(40) : null;
      // A run that was killed before it had written its record is begun again.
      const names: readonly string[] = await readdir(job.outDir).catch(() => []);
      const signal = await trainUntilKilled({ request: { ...job, resume: names.includes('run.json') }, dieAtChunk }, killAfterMs);
      expect(signal).toBe('SIGKILL');
      expect(await readdir(job.outDir)).toContain('.prospect-lock');
      const now = await newestStep(job.outDir);
      expect(now).toBeGreaterThanOrEqual(steps);
      steps = now;
    }
    expect(steps).toBeGreaterThan(2);
    expect(steps).toBeLessThan(24);
    await runJob({ ...job, resume: true });
    expect(await outcomeOf(job.outDir)).toEqual(await outcomeOf(join(folder, 'full')));
    expect(await readdir(job.outDir)).toEqual([...FINISHED_FILES, 'checkpoint-23', 'checkpoint-24'].toSorted());
  });
});
