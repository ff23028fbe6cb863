/**
 * @file One training step in TinyLlama's shape (hidden 2048, ffn 5632, 32/4 heads, vocabulary 32000) against the machine's GEMM peak, both
 * measured in turns in one run, so that whatever else the machine does slows both.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from '#contract/engines.ts';
import { dimSizes, matMulFlops } from '#engine/graph/cost.ts';
import type { Backend, Feeds } from '#engine/graph/backend.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import { loraInputName } from '#engine/model/lora.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { promptTree } from '#engine/model/segment-tree.ts';
import { chunkRows } from '#engine/train/chunk-rows.ts';
import type { Chunk } from '#engine/train/chunk-rows.ts';
import { EVERYTHING_AT_ONCE } from '#engine/train/memory-plan.ts';
import { RowPass } from '#engine/train/row-pass.ts';
import { loadModel } from '#test/support/load-model.ts';
import { gemmStopwatch } from './gemm-peak.ts';
import { openEngine } from '#engines/open-engine.ts';
import { ensureRandomModel } from '#engines/random-model.ts';
import { tinyLlamaConfig } from './tiny-llama-config.ts';

export interface StepBenchOptions {
  readonly engine: EngineName;
  readonly layers: number;
  readonly rows: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly repeats: number;
}

export interface StepBenchResult {
  readonly gemm_peak_gflops: number;
  readonly step_gflops: number;
  readonly share_of_peak: number;
  readonly s_per_step: number;
  readonly gflop_per_step: number;
  readonly session_open_ms: number;
  readonly session_private_mb: number;
  readonly peak_rss_mb: number;
}

export async function stepBench({
  engine,
  layers,
  rows,
  promptTokens,
  completionTokens,
  repeats,
}: StepBenchOptions): Promise<StepBenchResult> {
  const dir = await ensureRandomModel(join(tmpdir(), `prospect-bench-tinyllama-${layers}`), tinyLlamaConfig(layers));
  const { config, weights } = await loadModel(dir);
  const modules = [...linearModules(config)]
    .filter(([name]) => /\.[qv]_proj$/.test(name))
    .map(([name, size]): LoraModule => ({ name, inFeatures: size.in, outFeatures: size.out, rank: 8, scaling: 2 }));
  const options = { config, modules, partner: false, objective: { kind: 'rows' }, measures: true, memory: EVERYTHING_AT_ONCE } as const;
  const backend = await openEngine(engine);

  const before = process.memoryUsage().rss;
  const opening = performance.now();
  const pass = await RowPass.compile(backend, weights, options);
  const opened = performance.now();
  const privateBytes = process.memoryUsage().rss - before;

  const [chunk] = chunkRows(benchRows({ rows, promptTokens, completionTokens }), Infinity) as [Chunk];
  const run = { parameters: randomParameters(modules), longestRow: promptTokens + completionTokens };
  let flops = 0;
  const counting = countingBackend((count) => (flops = count));
  await (await RowPass.compile(counting, weights, options)).run(chunk, run);

  const gemm = await gemmStopwatch(backend);
  let bestMs = Infinity;
  for (let i = 0; i < repeats; i++) {
    for (let k = 0; k < 4; k++) await gemm.run();
    const started = performance.now();
    await pass.run(chunk, run);
    bestMs = Math.min(bestMs, performance.now() - started);
  }
  const peak = gemm.peak();
  await gemm.release();
  await pass.release();
  return {
    gemm_peak_gflops: round(peak),
    step_gflops: round(flops / bestMs / 1e6),
    share_of_peak: round(flops / bestMs / 1e6 / peak, 3),
    s_per_step: round(bestMs / 1000, 3),
    gflop_per_step: round(flops / 1e9),
    session_open_ms: round(opened - opening),
    session_private_mb: round(privateBytes / 2 ** 20),
    peak_rss_mb: round(process.resourceUsage().maxRSS / 1024, 0),
  };
}

function benchRows({ rows, promptTokens, completionTokens }: { rows: number; promptTokens: number; completionTokens: number }) {
  const ids = (count: number, seed: number) => Int32Array.from({ length: count }, (_, i) => 3 + ((i * 7919 + seed * 104729) % 31990));
  return Array.from({ length: rows }, (_, row) => {
    const answers = [{ ids: ids(completionTokens, row + 1000), row, stream: 'policy' as const }];
    return { trees: [promptTree(ids(promptTokens, row), answers)], rows: [row] };
  });
}

export function randomParameters(modules: readonly LoraModule[]): Map<string, Float32Array> {
  const values = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i) / 50);
  return new Map(
    modules.flatMap(({ name, rank, inFeatures, outFeatures }) => [
      [loraInputName(name, 'lora_A'), values(rank * inFeatures)],
      [loraInputName(name, 'lora_B'), values(rank * outFeatures)],
    ]),
  );
}

/** Runs nothing: tells how many operations a run would take. */
function countingBackend(report: (flops: number) => void): Backend {
  return {
    name: 'counting',
    peakBytes: () => 0,
    residentBytes: () => 0,
    hold: () => Promise.resolve(() => Promise.resolve()),
    compile: (graph) =>
      Promise.resolve({
        run: (feeds: Feeds) => {
          report(
            matMulFlops(
              graph,
              dimSizes(graph, (name) => feeds[name]?.dims),
            ),
          );
          return Promise.resolve({});
        },
        release: () => Promise.resolve(),
      }),
  };
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
