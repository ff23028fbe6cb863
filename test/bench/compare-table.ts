/** @file The table that `npm run bench -- kto | dpo` prints: one line per variant, beside our step. */
import type { CompareResult } from './compare-bench.ts';

interface Line {
  readonly s_per_step: number;
  readonly gflops: number;
  readonly gflop_per_step: number;
  readonly peak_rss_mb: number;
}

const HEAD = ['', 's per step', 'against ours', 'GFLOP', 'GFLOP/s', 'peak MB', 'against ours'];

export function compareTable(result: CompareResult): string {
  const { ours } = result;
  const rows: [string, Line | undefined][] = [
    ['Prospect, float32', ours],
    ...Object.entries(result.savings).map(([name, line]): [string, Line] => [`  ${name}`, line]),
    ['TRL, float32 as is', result.trl_fp32],
    ['TRL, float32, reference precomputed', result.trl_fp32_precomputed],
    ['TRL, bfloat16', result.trl_bf16],
  ];
  const cells = rows.flatMap(([name, line]) => (line ? [[name, ...numbers(line, ours)]] : []));
  const widths = HEAD.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const print = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return `${[print(HEAD), ...cells.map(print), '', ...remarks(result)].join('\n')}\n`;
}

function numbers({ s_per_step, gflops, gflop_per_step, peak_rss_mb }: Line, ours: Line): string[] {
  const times = (own: number, other: number) => (own === other ? '' : `${(own / other).toFixed(2)} x`);
  return [
    s_per_step.toFixed(2),
    times(s_per_step, ours.s_per_step),
    gflop_per_step.toFixed(0),
    gflops.toFixed(1),
    peak_rss_mb.toFixed(0),
    times(peak_rss_mb, ours.peak_rss_mb),
  ];
}

function remarks({ ours, gemm_peak_gflops, max_loss_diff, max_adapter_diff }: CompareResult): string[] {
  const share = ((100 * ours.gflops) / gemm_peak_gflops).toFixed(0);
  return [
    `A large matrix product reached ${gemm_peak_gflops} GFLOP/s in the same run; our step ran at ${share} % of that.`,
    `${(100 * ours.host_share).toFixed(1)} % of our step was spent outside the runtime; reference log-probabilities took ${ours.s_references} s once, before the steps.`,
    ...(max_loss_diff === null
      ? ['TRL was not measured: PROSPECT_BENCH_PYTHON names no Python.']
      : [
          `Largest difference to TRL in float32: ${max_loss_diff.toExponential(1)} of a loss, ${(max_adapter_diff ?? 0).toExponential(1)} of an adapter tensor's largest element.`,
        ]),
  ];
}
