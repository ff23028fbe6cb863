/**
 * @file KTO or DPO steps on one model and the same rows: ours, and TRL's own where a Python with TRL is named in PROSPECT_BENCH_PYTHON. Ours runs in
 * a process of its own, like each of TRL's variants, so that peak memory is comparable.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import type { OursResult } from './our-steps.ts';

const run = promisify(execFile);
const TRL_VARIANTS = { trl_fp32: 'float32', trl_fp32_precomputed: 'float32_precomputed', trl_bf16: 'bf16' } as const;
type TrlName = keyof typeof TRL_VARIANTS;

export interface CompareOptions {
  readonly method: 'kto' | 'dpo';
  /** Hugging Face folder, or null for a random TinyLlama-shaped model. */
  readonly model: string | null;
  readonly layers: number;
  readonly batch: number;
  readonly steps: number;
  readonly chunkTokens: number;
  readonly headGroups: number;
  readonly recompute: boolean;
  /** Names of TRL's variants to leave out. */
  readonly skip: readonly string[];
}

export interface TrlResult {
  readonly s_per_step: number;
  readonly peak_rss_mb: number;
  readonly losses: readonly number[];
}

export type CompareResult = { readonly ours: OursResult } & Partial<Record<TrlName, TrlResult>> & {
    readonly gemm_peak_gflops: number;
    /** Against TRL in float32; null where it was not run. */
    readonly max_loss_diff: number | null;
    readonly max_adapter_diff: number | null;
  };

export async function compareBench(options: CompareOptions): Promise<CompareResult> {
  const work = await mkdtemp(join(tmpdir(), 'prospect-bench-'));
  try {
    const job = { ...options, work };
    await writeFile(join(work, 'job.json'), JSON.stringify(job));
    const script = join(import.meta.dirname, 'our-steps.ts');
    const ours = lastJson((await run(process.execPath, [script, join(work, 'job.json')], { maxBuffer: 2 ** 26 })).stdout) as OursResult & {
      gemm_peak_gflops: number;
    };
    const { gemm_peak_gflops, ...own } = ours;
    const trl = await runTrl(work, options);
    const reference = trl.trl_fp32 ?? trl.trl_fp32_precomputed;
    const name = trl.trl_fp32 ? 'trl_fp32' : 'trl_fp32_precomputed';
    return {
      gemm_peak_gflops,
      ours: own,
      ...trl,
      max_loss_diff: reference ? Math.max(...own.losses.map((loss, i) => Math.abs(loss - (reference.losses[i] ?? Number.NaN)))) : null,
      max_adapter_diff: reference ? await adapterDifference(join(work, 'ours'), join(work, name)) : null,
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function runTrl(work: string, { skip }: CompareOptions): Promise<Partial<Record<TrlName, TrlResult>>> {
  const python = process.env['PROSPECT_BENCH_PYTHON'];
  const results: Partial<Record<TrlName, TrlResult>> = {};
  if (python === undefined) return results;
  for (const [name, variant] of Object.entries(TRL_VARIANTS) as [TrlName, string][]) {
    if (skip.includes(name)) continue;
    const base = JSON.parse(await readFile(join(work, 'trl.json'), 'utf8')) as object;
    const file = join(work, `${name}.json`);
    await writeFile(file, JSON.stringify({ ...base, variant, out: join(work, name), threads: availableParallelism() }));
    process.stderr.write(`measuring ${name} …\n`);
    results[name] = lastJson(
      (await run(python, [join(import.meta.dirname, 'trl_steps.py'), file], { maxBuffer: 2 ** 26 })).stdout,
    ) as TrlResult;
  }
  return results;
}

/** Largest difference of a tensor's elements, relative to that tensor's largest element. */
async function adapterDifference(ours: string, theirs: string): Promise<number> {
  const [a, b] = [await readAdapterFolder(ours), await readAdapterFolder(theirs)];
  let worst = 0;
  for (const [module, pair] of b.tensors) {
    for (const factor of ['loraA', 'loraB'] as const) {
      const [got, expected] = [a.tensors.get(module)?.[factor].data ?? new Float32Array(), pair[factor].data];
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
      worst = Math.max(worst, expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (got[i] ?? Number.NaN))), 0) / largest);
    }
  }
  return worst;
}

function lastJson(output: string): unknown {
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}
