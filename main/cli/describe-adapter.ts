/** @file An adapter in plain words. */
import type { AdapterReport } from '#jobs/inspect-adapter.ts';
import { factSheet } from './fact-sheet.ts';
import { formatCount } from './format-quantity.ts';

export function describeAdapter(report: AdapterReport): string {
  const { r, loraAlpha, useRslora, targetModules, ignoredKeys } = report;
  const targets = typeof targetModules === 'string' ? targetModules : targetModules.join(', ');
  return factSheet(`Adapter ${report.dir}`, [
    ['Can be used', usable(report)],
    ['Rank (r)', String(r)],
    ['Alpha', `${loraAlpha}, so the adapter is scaled by ${scaling(loraAlpha, r, useRslora)}`],
    ['Modules', `${targets} (${formatCount(report.modules)} in all layers)`],
    ['Parameters', formatCount(report.parameters)],
    ['Base model', report.baseModel ?? 'not named'],
    ignoredKeys.length === 0 ? null : ['Not understood', `${ignoredKeys.join(', ')} (ignored)`],
  ]);
}

function usable({ fitsModel }: AdapterReport): string {
  if (fitsModel === null) return 'yes, with the model it was made for; add --model to compare';
  return fitsModel ? 'yes, it fits the model' : 'not with this model';
}

function scaling(alpha: number, r: number, useRslora: boolean): string {
  return useRslora ? `${Number((alpha / Math.sqrt(r)).toPrecision(4))} (alpha / √r)` : `${Number((alpha / r).toPrecision(4))} (alpha / r)`;
}
