/** @file The same training step on the processor through ONNX Runtime and through TensorFlow, in turns, so that whatever else the machine does slows both. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from '#contract/engines.ts';
import { openEngine } from '#engines/open-engine.ts';
import { MEASURED_TRIALS, openTrial } from '#engines/trial.ts';
import type { Trial, TrialSize } from '#engines/trial.ts';

export interface EnginesBenchOptions {
  /** Compared with ONNX Runtime on the processor. */
  readonly engine: EngineName;
  readonly repeats: number;
}

export interface EngineComparison {
  readonly onnx_cpu_ms: number;
  readonly engine_ms: number;
  readonly onnx_cpu_gflops: number;
  readonly engine_gflops: number;
  /** Of the best times. */
  readonly times_as_long: number;
}

export async function enginesBench({ engine, repeats }: EnginesBenchOptions): Promise<Record<string, EngineComparison | string>> {
  const [base, other] = [await openEngine('onnx:cpu'), await openEngine(engine)];
  const work = await mkdtemp(join(tmpdir(), 'prospect-engines-'));
  try {
    const results: Record<string, EngineComparison | string> = { engine: other.name };
    for (const size of MEASURED_TRIALS) {
      const trials = [await openTrial(base, work, size), await openTrial(other, work, size)] as const;
      results[nameOf(size)] = await compare(trials, repeats);
      for (const trial of trials) await trial.release();
    }
    return results;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function compare([base, other]: readonly [Trial, Trial], repeats: number): Promise<EngineComparison> {
  const best = [Infinity, Infinity] as [number, number];
  for (const trial of [base, other]) await trial.run(); // compiles what it needs
  for (let i = 0; i < repeats; i++) {
    for (const [k, trial] of [base, other].entries()) {
      const started = performance.now();
      await trial.run();
      best[k as 0 | 1] = Math.min(best[k as 0 | 1], performance.now() - started);
    }
  }
  const gflops = (ms: number) => Number((base.flops / ms / 1e6).toFixed(1));
  return {
    onnx_cpu_ms: Math.round(best[0]),
    engine_ms: Math.round(best[1]),
    onnx_cpu_gflops: gflops(best[0]),
    engine_gflops: gflops(best[1]),
    times_as_long: Number((best[1] / best[0]).toFixed(2)),
  };
}

function nameOf({ hidden, layers, rows, rowTokens }: TrialSize): string {
  return `${layers} x ${hidden}, ${rows} x ${rowTokens}`;
}
