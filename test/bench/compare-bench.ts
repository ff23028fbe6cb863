/**
 * @file KTO or DPO steps on one model and the same rows: ours, ours with each saving switched off, and TRL's own where a Python with TRL is named in
 * PROSPECT_BENCH_PYTHON. Each runs in a process of its own, so that peak memory is comparable.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import type { BenchJob } from './bench-job.ts';
import type { OursResult } from './our-steps.ts';
import type { SavingsResult } from './savings-step.ts';

const run = promisify(execFile);
const TRL_VARIANTS = { trl_fp32: 'float32', trl_fp32_precomputed: 'float32_precomputed', trl_bf16: 'bf16' } as const;
type TrlName = keyof typeof TRL_VARIANTS;

const SAVINGS = ['reference not cached', 'prompts not shared', 'rows padded to the longest', 'head and last layer everywhere'] as const;

export interface CompareOptions extends Omit<BenchJob, 'work'> {
  /** Names of TRL's variants to leave out, and `savings`. */
  readonly skip: readonly string[];
}

export interface TrlResult {
  readonly s_per_step: number;
  /** Of the matrix products TRL does, over the whole step. */
  readonly gflops: number;
  readonly gflop_per_step: number;
  readonly peak_rss_mb: number;
  readonly losses: readonly number[];
}

export type CompareResult = { readonly gemm_peak_gflops: number; readonly ours: OursResult } & Partial<Record<TrlName, TrlResult>> & {
    /** Ours with one saving switched off, by its name. */
    readonly savings: Readonly<Record<string, SavingsResult>>;
    /** Against TRL in float32; null where it was not run. */
    readonly max_loss_diff: number | null;
    readonly max_adapter_diff: number | null;
  };

export async function compareBench({ skip, ...options }: CompareOptions): Promise<CompareResult> {
  const work = await mkdtemp(join(tmpdir(), 'prospect-bench-'));
  try {
    const job = join(work, 'job.json');
    await writeFile(job, JSON.stringify({ ...options, work } satisfies BenchJob));
    const ours = (await runScript('our-steps.ts', [job], 'ours')) as OursResult;
    const savings = skip.includes('savings') ? {} : await runSavings(job);
    const trl = await runTrl(work, skip);
    const name = trl.trl_fp32 ? 'trl_fp32' : 'trl_fp32_precomputed';
    const reference = trl[name];
    return {
      gemm_peak_gflops: ours.gemm_peak_gflops,
      ours,
      ...trl,
      savings,
      max_loss_diff: reference ? Math.max(...ours.losses.map((loss, i) => Math.abs(loss - (reference.losses[i] ?? Number.NaN)))) : null,
      max_adapter_diff: reference ? await adapterDifference(join(work, 'ours'), join(work, name)) : null,
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function runSavings(job: string): Promise<Record<string, SavingsResult>> {
  const results: Record<string, SavingsResult> = {};
  for (const name of SAVINGS) results[name] = (await runScript('savings-step.ts', [job, name], name)) as SavingsResult;
  return results;
}

async function runTrl(work: string, skip: readonly string[]): Promise<Partial<Record<TrlName, TrlResult>>> {
  const python = process.env['PROSPECT_BENCH_PYTHON'];
  const results: Partial<Record<TrlName, TrlResult>> = {};
  if (python === undefined) return results;
  for (const [name, variant] of Object.entries(TRL_VARIANTS) as [TrlName, string][]) {
    if (skip.includes(name)) continue;
    const base = JSON.parse(await readFile(join(work, 'trl.json'), 'utf8')) as object;
    const file = join(work, `${name}.json`);
    await writeFile(file, JSON.stringify({ ...base, variant, out: join(work, name), threads: availableParallelism() }));
    results[name] = (await runProgram(python, [join(import.meta.dirname, 'trl_steps.py'), file], name)) as TrlResult;
  }
  return results;
}

function runScript(script: string, args: readonly string[], what: string): Promise<unknown> {
  return runProgram(process.execPath, [join(import.meta.dirname, script), ...args], what);
}

/** @returns what the program printed on its last line */
async function runProgram(program: string, args: readonly string[], what: string): Promise<unknown> {
  process.stderr.write(`measuring ${what} …\n`);
  const { stdout } = await run(program, args, { maxBuffer: 2 ** 26 }).catch((cause: Error & { stderr?: string }) => {
    const said = cause.stderr?.split('\n').findLast((line) => /^\w*Error\b/u.test(line));
    throw new Error(`${what} failed: ${said ?? cause.message}`, { cause });
  });
  const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as OursResult | SavingsResult | TrlResult;
  // Said at once: what follows takes minutes, and may be stopped.
  process.stderr.write(`  ${result.s_per_step} s per step, ${result.peak_rss_mb} MB\n`);
  return result;
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
