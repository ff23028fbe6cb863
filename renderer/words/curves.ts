/** @file What charts of curves say. */

export const curvesWords = {
  logarithmic: 'Log',
  save: (title: string): string => `Save “${title}”`,
  png: 'Picture (PNG)',
  csv: 'Numbers (CSV)',
  chart: (title: string): string =>
    `${title}: arrow keys move along the curve, plus and minus zoom, Escape shows the whole run. Drag to zoom, double-click to reset.`,
  roleDescription: 'chart',
  toolbar: {
    smoothing: 'Smoothing',
    axis: 'Axis',
    step: 'Step',
    epoch: 'Epoch',
    zoomOut: 'Whole run',
    saveAll: 'All numbers (CSV)',
  },
  atEpoch: (epoch: number): string => `epoch ${epoch.toLocaleString('en', { maximumFractionDigits: 2 })}`,
  atStep: (step: number): string => `step ${step.toLocaleString('en')}`,
  valueOf: (metric: string, value: string, smooth: string): string => `${metric}: ${value}${smooth === '–' ? '' : `, smoothed ${smooth}`}`,
} as const;
