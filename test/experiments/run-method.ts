/** @file One training run of an experiment, and what is measured of it: curves, tone of the answers, held-out accuracy of the implicit reward. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareAnswers } from '#demo/compare-answers.ts';
import type { HeldOutPrompt } from '#demo/compare-answers.ts';
import { chatPrompt } from '#engine/generate/parse-prompt.ts';
import { jsonLines } from '#starter/json-lines.ts';
import { scoreJob } from '#jobs/score-job.ts';
import { trainingJob } from '#jobs/training-job.ts';
import type { ReviewPair } from './review-pairs.ts';

export const MODEL_DIR = 'resources/starter-model';
const CACHE_DIR = 'out/experiments/cache';
const NEVER = new AbortController().signal;
/** The blog's, at a length that a starter model needs. */
const BLOG = { beta: 0.1, learning_rate: 5e-4, lr_scheduler_type: 'cosine', lora_r: 8, lora_alpha: 16, max_length: 512 };

export interface Measured {
  readonly evalLoss: number;
  readonly margin: number;
  /** Share of harsh answers to the held-out prompts. */
  readonly harsh: number;
  /** Of held-out pairs, whose chosen answer has the higher implicit reward. */
  readonly accuracy: number;
  /** By step. */
  readonly curve: readonly { readonly step: number; readonly evalLoss: number; readonly margin: number }[];
}

export interface RunRequest {
  readonly method: 'kto' | 'dpo';
  readonly rows: readonly object[];
  readonly heldOut: readonly ReviewPair[];
  readonly steps: number;
  readonly seed: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The same number of answers a step for both methods. */
export async function measureRun({ method, rows, heldOut, steps, seed, settings = {} }: RunRequest): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'prospect-experiment-'));
  try {
    const [dataFile, evalDataFile] = await Promise.all([write(folder, 'train.jsonl', rows), write(folder, 'held-out.jsonl', heldOut)]);
    const outDir = join(folder, 'run');
    const batch = method === 'kto' ? 16 : 8;
    const rhythm = { max_steps: steps, eval_steps: Math.ceil(steps / 4), save_steps: steps, logging_steps: steps };
    const request = {
      modelDir: MODEL_DIR,
      dataFile,
      evalDataFile,
      outDir,
      settings: { method, ...BLOG, per_device_train_batch_size: batch, seed, ...rhythm, ...settings },
      adapterInitDir: null,
      resume: false,
      cacheDir: CACHE_DIR,
      memoryBudgetBytes: null,
      badRows: 'stop' as const,
      probePromptsFile: null,
    };
    for await (const event of trainingJob(request, { signal: NEVER }))
      if (event.kind === 'evaluation')
        process.stderr.write(`  step ${event.entry['step'] ?? 0}, eval_loss ${event.entry['eval_loss'] ?? NaN}\n`);
    const curve = await readCurve(outDir);
    const last = curve.at(-1);
    return {
      evalLoss: last?.evalLoss ?? NaN,
      margin: last?.margin ?? NaN,
      harsh: await harshShareOf(outDir, heldOut),
      accuracy: await accuracyOf(outDir, evalDataFile),
      curve,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(folder: string, name: string, rows: readonly object[]): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, [...jsonLines(rows)].join(''));
  return file;
}

async function readCurve(outDir: string): Promise<Measured['curve']> {
  const lines = (await readFile(join(outDir, 'metrics.jsonl'), 'utf8')).trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as Readonly<Record<string, number>>)
    .filter((entry) => entry['eval_loss'] !== undefined)
    .map((entry) => ({ step: entry['step'] ?? 0, evalLoss: entry['eval_loss'] ?? NaN, margin: entry['eval_rewards/margins'] ?? NaN }));
}

async function harshShareOf(adapterDir: string, heldOut: readonly ReviewPair[]): Promise<number> {
  const prompts = heldOut.map(({ prompt }): HeldOutPrompt => {
    const text = prompt[0]?.content ?? '';
    return { text, prompt: chatPrompt(text) };
  });
  const asking = { modelDir: MODEL_DIR, cacheDir: CACHE_DIR, prompts, seed: 1, signal: NEVER, onAnswer: () => undefined };
  return (await compareAnswers({ tuned: adapterDir }, asking)).tuned.harshShare;
}

/** log π(y|x) − log π_ref(y|x) of both answers, compared. */
async function accuracyOf(adapterDir: string, dataFile: string): Promise<number> {
  const [policy, reference] = [await gapsOf(adapterDir, dataFile), await gapsOf(null, dataFile)];
  return policy.filter((gap, i) => gap > (reference[i] ?? NaN)).length / policy.length;
}

/** log π(chosen) − log π(rejected) of every pair. */
async function gapsOf(adapterDir: string | null, dataFile: string): Promise<number[]> {
  const gaps: number[] = [];
  const request = { modelDir: MODEL_DIR, adapterDir, dataFile, maxLength: null, cacheDir: CACHE_DIR };
  for await (const row of scoreJob(request, { signal: NEVER })) if ('chosen' in row) gaps.push(row.chosen.logp - row.rejected.logp);
  return gaps;
}
