/** @file Runs our steps for compare-bench.ts in a process of their own, and writes the job for TRL. Prints one JSON object. */
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import type { TokenisedExample, TokenisedPair } from '#engine/data/tokenised.ts';
import { dimSizes, matMulFlops } from '#engine/graph/cost.ts';
import type { Backend } from '#engine/graph/backend.ts';
import { DpoMethod } from '#engine/train/dpo-method.ts';
import { KtoMethod } from '#engine/train/kto-method.ts';
import type { MethodOptions } from '#engine/train/method.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { Trainer } from '#engine/train/trainer.ts';
import { writeAdapterFolder } from '#io/adapter-folder.ts';
import { freshAdapter, toAdapter } from '#jobs/initial-adapter.ts';
import { openModel } from '#jobs/open-model.ts';
import type { CompareOptions } from './compare-bench.ts';
import { randomExamples, randomPairs } from './bench-rows.ts';
import { gemmStopwatch } from './gemm-peak.ts';
import { ensureRandomModel, tinyLlamaConfig } from './random-model.ts';

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
}

const LEARNING_RATE = 5e-4;
const BETA = 0.1;

const job = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as CompareOptions & { work: string };
const dir = job.model ?? (await ensureRandomModel(join(tmpdir(), `prospect-bench-tinyllama-${job.layers}`), tinyLlamaConfig(job.layers)));
const model = await openModel(dir, { cacheDir: join(tmpdir(), 'prospect-bench-cache') });
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
const adapter = freshAdapter(model, settings);
await writeAdapterFolder(join(job.work, 'adapter'), toAdapter(adapter, adapter.parameters));

const runtime = meteredBackend();
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
const shape = {
  count: job.batch * job.steps,
  promptTokens: [60, 120],
  completionTokens: [20, 80],
  vocabSize: model.config.vocabSize,
  eosId: 2,
} as const;
const [examples, pairs] = [randomExamples(shape), randomPairs(shape)];
await writeFile(join(job.work, 'trl.json'), JSON.stringify(trlJob()));
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
const result: OursResult & { gemm_peak_gflops: number } = {
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

function meteredBackend() {
  const plain = onnxRuntimeBackend();
  let [flops, ms] = [0, 0];
  const backend: Backend = {
    name: plain.name,
    peakBytes: () => 0,
    compile: async (graph, weights) => {
      const executable = await plain.compile(graph, weights);
      return {
        release: () => executable.release(),
        run: async (feeds) => {
          const begun = performance.now();
          const outputs = await executable.run(feeds);
          ms += performance.now() - begun;
          flops += matMulFlops(
            graph,
            dimSizes(graph, (name) => feeds[name]?.dims),
          );
          return outputs;
        },
      };
    },
  };
  const reset = () => {
    [flops, ms] = [0, 0];
  };
  return { plain, backend, reset, flops: () => flops, ms: () => ms };
}

function trlJob(): object {
  const list = (ids: Int32Array) => [...ids];
  const rows =
    job.method === 'kto'
      ? examples.map(({ promptIds, completionIds, label }: TokenisedExample) => ({
          prompt: list(promptIds),
          completion: list(completionIds),
          label,
        }))
      : pairs.map(({ promptIds, chosenIds, rejectedIds }: TokenisedPair) => ({
          prompt: list(promptIds),
          chosen: list(chosenIds),
          rejected: list(rejectedIds),
        }));
  return {
    method: job.method,
    model: dir,
    adapter: join(job.work, 'adapter'),
    rows,
    batch: job.batch,
    steps: job.steps,
    beta: BETA,
    learning_rate: LEARNING_RATE,
    vocab_size: model.config.vocabSize,
    eos_id: shape.eosId,
  };
}
