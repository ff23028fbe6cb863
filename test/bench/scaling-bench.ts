/** @file Time and memory of a step against rows, prompt length, completion length and layers; each measurement in a process of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StepBenchResult } from './step-bench.ts';

const run = promisify(execFile);

export interface ScalingRow {
  readonly layers: number;
  readonly rows: number;
  readonly prompt: number;
  readonly completion: number;
  readonly s_per_step: number;
  readonly gflop_per_step: number;
  readonly share_of_peak: number;
  readonly peak_rss_mb: number;
}

const BASE = { layers: 4, rows: 4, prompt: 100, completion: 50 };
const VARIED = { rows: [2, 4, 8], prompt: [50, 200, 400], completion: [25, 100, 200], layers: [2, 8] } as const;

export async function scalingBench(): Promise<ScalingRow[]> {
  const results: ScalingRow[] = [];
  for (const [name, values] of Object.entries(VARIED)) {
    for (const value of values) {
      const shape = { ...BASE, [name]: value };
      const options = Object.entries(shape).flatMap(([option, setting]) => [`--${option}`, String(setting)]);
      const args = [join(import.meta.dirname, 'bench.ts'), 'step', '--json', '--repeats', '3', ...options];
      const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 24 });
      const { s_per_step, gflop_per_step, share_of_peak, peak_rss_mb } = JSON.parse(stdout) as StepBenchResult;
      results.push({ ...shape, s_per_step, gflop_per_step, share_of_peak, peak_rss_mb });
      process.stderr.write(`${JSON.stringify(results.at(-1))}\n`);
    }
  }
  return results;
}
