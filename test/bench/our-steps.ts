/** @file Runs our steps for compare-bench.ts in a process of their own, and writes the job for TRL. Prints one JSON object. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenisedExample, TokenisedPair } from '#engine/data/tokenised.ts';
import { DpoMethod } from '#engine/train/dpo-method.ts';
import { KtoMethod } from '#engine/train/kto-method.ts';
import type { MethodOptions } from '#engine/train/method.ts';
import { Trainer } from '#engine/train/trainer.ts';
import { writeAdapterFolder } from '#io/adapter-folder.ts';
import { openEngine } from '#engines/open-engine.ts';
import { freshAdapter, toAdapter } from '#jobs/initial-adapter.ts';
import { BETA, LEARNING_RATE, openBenchWork, readBenchJob } from './bench-job.ts';
import { gemmStopwatch } from './gemm-peak.ts';
import { meteredBackend } from './metered-backend.ts';

export interface OursResult {
  readonly s_per_step: number;
  /** Of the matrix products, over the whole step. */
  readonly gflops: number;
  readonly peak_rss_mb: number;
  readonly losses: readonly number[];
  readonly s_references: number;
  readonly gflop_per_step: number;
  /** Share of a step spent outside the runtime: batch assembly, losses, metrics, optimizer. */
  readonly host_share: number;
  readonly gemm_peak_gflops: number;
}

const work = await openBenchWork(await readBenchJob(process.argv[2] ?? ''));
const { job, model, settings, examples, pairs } = work;
const adapter = freshAdapter(model, settings);
await writeAdapterFolder(join(job.work, 'adapter'), toAdapter(adapter, adapter.parameters));
await writeFile(join(job.work, 'trl.json'), JSON.stringify(trlJob()));

const runtime = meteredBackend(await openEngine(job.engine, job.dtype));
const options: MethodOptions = {
  backend: runtime.backend,
  weights: model.weights,
  config: model.config,
  modules: adapter.modules,
  memory: { chunkTokens: job.chunkTokens, headGroups: job.headGroups, recompute: job.recompute, rowGradients: true },
  settings,
  referenceParameters: null,
  knownReferences: null,
  signal: undefined,
};
const method = job.method === 'kto' ? await KtoMethod.open(options, examples, null) : await DpoMethod.open(options, pairs, null);
const trainer = new Trainer({ method, settings, parameters: adapter.parameters });

const gemm = await gemmStopwatch(runtime.plain);
const losses: number[] = [];
let [referenceMs, started] = [0, performance.now()];
let stepMs = 0;
for await (const event of trainer.run()) {
  if (event.kind === 'references') {
    referenceMs = performance.now() - started;
    runtime.reset();
    started = performance.now();
  } else if (event.kind === 'log') {
    stepMs += performance.now() - started;
    losses.push(event.entry['loss'] as number);
    for (let k = 0; k < 8; k++) await gemm.run();
    started = performance.now();
  }
}
await writeAdapterFolder(join(job.work, 'ours'), toAdapter(adapter, adapter.parameters));
const result: OursResult = {
  gemm_peak_gflops: Number(gemm.peak().toFixed(1)),
  s_per_step: Number((stepMs / job.steps / 1000).toFixed(2)),
  gflops: Number((runtime.flops() / stepMs / 1e6).toFixed(1)),
  peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  losses,
  s_references: Number((referenceMs / 1000).toFixed(2)),
  gflop_per_step: Number((runtime.flops() / job.steps / 1e9).toFixed(0)),
  host_share: Number(((stepMs - runtime.ms()) / stepMs).toFixed(4)),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

function trlJob(): object {
  const list = (ids: Int32Array) => [...ids];
  const exampleRow = ({ promptIds, completionIds, label }: TokenisedExample) => ({
    prompt: list(promptIds),
    completion: list(completionIds),
    label,
  });
  const pairRow = ({ promptIds, chosenIds, rejectedIds }: TokenisedPair) => ({
    prompt: list(promptIds),
    chosen: list(chosenIds),
    rejected: list(rejectedIds),
  });
  return {
    method: job.method,
    model: work.modelDir,
    adapter: join(job.work, 'adapter'),
    rows: [...examples.map(exampleRow), ...pairs.map(pairRow)],
    batch: job.batch,
    steps: job.steps,
    beta: BETA,
    learning_rate: LEARNING_RATE,
    vocab_size: model.config.vocabSize,
    // TRL appends the end-of-sequence token unless a completion ends with it; its trainer is given the token that ours end with.
    eos_id: (examples[0]?.completionIds ?? pairs[0]?.chosenIds)?.at(-1),
  };
}
