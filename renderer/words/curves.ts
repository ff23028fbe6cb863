/** @file What charts of curves say. */

export const curvesWords = {
  logarithmic: 'Log',
  save: (title: string): string => `Save “${title}”`,
  png: 'Picture (PNG)',
  csv: 'Numbers (CSV)',
  chart: (title: string): string =>
    `${title}: arrow keys move along the curve, plus and minus zoom, Escape shows the whole run. Drag to zoom, double-click to reset.`,
  roleDescription: 'chart',
  atStep: (step: number): string => `step ${step.toLocaleString('en')}`,
  valueOf: (metric: string, value: string, smooth: string): string => `${metric}: ${value}${smooth === '–' ? '' : `, smoothed ${smooth}`}`,
} as const;
