/** @file A plan in plain words. */
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import type { PlanReport } from '#jobs/plan-request.ts';
import { factSheet } from './fact-sheet.ts';
import type { Fact } from './fact-sheet.ts';
import { formatBytes, formatCount, formatDuration } from './format-quantity.ts';

/** Plans listed below the chosen one. */
const LISTED = 6;

export function describePlan(report: PlanReport): string {
  const { estimate, method } = report;
  const sheet = factSheet(`Plan of a ${method.toUpperCase()} run`, [
    ['Fits', fitsText(report)],
    ['Memory', `${formatBytes(estimate.total)} at its peak`],
    ['  weights', `${formatBytes(estimate.weights)}, mapped from the disk`],
    ['  activations', `${formatBytes(estimate.activations)} in the largest chunk`],
    ['  adapter', `${formatBytes(estimate.adapter)} with gradients and optimizer, ${formatCount(report.trainableParameters)} parameters`],
    ['  rows', formatBytes(estimate.rows)],
    ['  program', formatBytes(estimate.runtime)],
    ['Engine', report.engine],
    ...deviceFacts(report),
    ['Chosen', planText(report.memory)],
    [
      'Steps',
      `${formatCount(report.steps)} over ${formatCount(report.trainRows)} rows, the longest of ${formatCount(report.longestRowTokens)} tokens`,
    ],
    ...timeFacts(report),
  ]);
  const others = report.alternatives
    .slice(0, LISTED)
    .map(({ memory, estimate: other }): Fact => [formatBytes(other.total), planText(memory)]);
  return `${sheet}${factSheet('Plans, fastest first; all give the same results', others)}`.trimEnd();
}

function deviceFacts({ deviceMemory = null }: PlanReport): Fact[] {
  if (deviceMemory === null) return [];
  const { needs, limits } = deviceMemory;
  const of = (bytes: number | null) => (bytes === null ? 'it does not tell how much it has' : `it has ${formatBytes(bytes)}`);
  return [
    [
      '  on its device',
      `${formatBytes(needs.weights)} weights and ${formatBytes(needs.activations)} activations; ${of(limits.memoryBytes)}`,
    ],
    ...(limits.bufferBytes === null
      ? []
      : [['  in one piece', `${formatBytes(needs.largestValue)}; it allows ${formatBytes(limits.bufferBytes)}`] satisfies Fact]),
  ];
}

function fitsText({ fits, budgetBytes, freeBytes }: PlanReport): string {
  return `${fits ? 'yes' : 'no'}: the budget is ${formatBytes(budgetBytes)} of the ${formatBytes(freeBytes)} that are free`;
}

function planText({ chunkTokens, recompute, rowGradients, headGroups }: MemoryPlan): string {
  const parts = [
    `chunks of ${formatCount(chunkTokens)} tokens`,
    ...(headGroups > 1 ? [`output head in ${headGroups} groups`] : []),
    ...(recompute ? ['layers recomputed'] : []),
    ...(rowGradients ? [] : ['z0 beforehand']),
  ];
  return parts.join(', ');
}

function timeFacts({ time }: PlanReport): Fact[] {
  if (!time) return [];
  const { secondsPerStep, secondsReferences, secondsTotal, gflops } = time;
  const duration = (seconds: number) => (seconds < 10 ? `${seconds.toPrecision(2)} s` : formatDuration(1000 * seconds));
  return [
    ['Time', `about ${duration(secondsTotal)} without evaluations (${gflops.toFixed(0)} GFLOP/s in the dry run)`],
    ['  references', `${duration(secondsReferences)}, unless an earlier run has computed them`],
    ['  a step', duration(secondsPerStep)],
  ];
}
