/**
 * @file One micro-batch's passes with one saving switched off (savings-variants.ts), in a process of its own for compare-bench.ts. Prints one JSON
 * object. Usage: savings-step.ts JOB.json VARIANT
 */
import type { LoraModule } from '#engine/model/lora.ts';
import { chunkRows } from '#engine/train/chunk-rows.ts';
import { completionsOf } from '#engine/train/row-groups.ts';
import { RowPass } from '#engine/train/row-pass.ts';
import { OBJECTIVE_INPUTS } from '#engine/train/step-graph.ts';
import type { StepGraphOptions } from '#engine/train/step-graph.ts';
import type { Feeds } from '#engine/graph/backend.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';
import { openEngine } from '#engines/open-engine.ts';
import { freshAdapter } from '#jobs/initial-adapter.ts';
import { openBenchWork, readBenchJob } from './bench-job.ts';
import { meteredBackend } from './metered-backend.ts';
import { savingsVariants } from './savings-variants.ts';
import type { PassName } from './savings-variants.ts';

export interface SavingsResult {
  readonly s_per_step: number;
  readonly gflops: number;
  readonly gflop_per_step: number;
  readonly peak_rss_mb: number;
}

const REPEATS = 2;
const NO_MODULES: readonly LoraModule[] = [];

const work = await openBenchWork(await readBenchJob(process.argv[2] ?? ''));
const variant = process.argv[3] ?? '';
const passes = savingsVariants(work)[variant];
if (!passes) throw new Error(`There is no variant "${variant}".`);

const { job, model, settings } = work;
const { modules, parameters } = freshAdapter(model, settings);
const runtime = meteredBackend(await openEngine(job.engine));
const memory = { headGroups: job.headGroups, recompute: job.recompute };
const shared = { config: model.config, memory };
const partner = job.method === 'kto';
const graphs: Record<PassName, StepGraphOptions> = {
  // KTO's gradient is one of every row, DPO's one of all rows together, as in their own steps.
  gradient: { ...shared, modules, partner, measures: true, objective: { kind: partner ? 'rows' : 'seeds' } },
  'gradient without partners': { ...shared, modules, partner: false, measures: true, objective: { kind: 'rows' } },
  scores: { ...shared, modules, partner: false, measures: false, objective: { kind: 'none' } },
  reference: { ...shared, modules: NO_MODULES, partner, measures: false, objective: { kind: 'none' } },
};
const compiled = await Promise.all(
  passes.map(async ({ pass, groups }) => ({
    run: await RowPass.compile(runtime.backend, model.weights, graphs[pass]),
    chunks: chunkRows(groups, job.chunkTokens),
  })),
);
const longestRow = Math.max(
  ...passes.flatMap(({ groups }) => groups.flatMap(completionsOf)).map(({ prompt, completion }) => prompt.length + completion.length),
);

let bestMs = Infinity;
for (let i = 0; i < REPEATS; i++) {
  runtime.reset();
  const started = performance.now();
  for (const { run, chunks } of compiled)
    for (const chunk of chunks) await run.run(chunk, { parameters, longestRow, extra: seeds(chunk.rows.length) });
  bestMs = Math.min(bestMs, performance.now() - started);
}
for (const { run } of compiled) await run.release();
const result: SavingsResult = {
  s_per_step: Number((bestMs / 1000).toFixed(2)),
  gflops: Number((runtime.flops() / bestMs / 1e6).toFixed(1)),
  gflop_per_step: Number((runtime.flops() / 1e9).toFixed(0)),
  peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

function seeds(rows: number): Feeds {
  return partner ? {} : { [OBJECTIVE_INPUTS.seeds]: floatTensor([rows], new Float32Array(rows).fill(1 / rows)) };
}
