/** @file What a run was, as a model card and a picture of its curves. */
import { basename } from 'node:path';
import { curvesSvg } from '#engine/export/curves-svg.ts';
import type { Curve } from '#engine/export/curves-svg.ts';
import { modelCard } from '#engine/export/model-card.ts';
import type { ModelCard } from '#engine/export/model-card.ts';
import manifest from '#package' with { type: 'json' };
import type { FinishedRun, MetricEntry, RunSource } from './run-source.ts';
import { svgToPng } from './svg-to-png.ts';

export const CURVES_FILE = 'curves.png';

const RESULTS = ['loss', 'rewards/chosen', 'rewards/rejected', 'rewards/margins', 'rewards/accuracies', 'kl'];
const DIGITS = 4;

export function runCard({ run, metrics }: RunSource, card: Pick<ModelCard, 'kind' | 'title' | 'baseModel' | 'verification'>): string {
  return modelCard({
    ...card,
    method: run === null ? null : run.settings.method.toUpperCase(),
    settings: run === null ? [] : settingRows(run),
    data: run === null ? [] : dataLines(run),
    metrics: resultRows(run, metrics),
    curves: run === null || metrics.length === 0 ? null : CURVES_FILE,
    madeBy: `Prospect ${run?.versions?.prospect ?? manifest.version}`,
  });
}

/** @returns PNG; null where nothing was logged */
export async function runCurves({ metrics }: RunSource): Promise<Uint8Array | null> {
  if (metrics.length === 0) return null;
  const curve = (name: string, key: string, color: string, isDashed = false): Curve => ({
    name,
    color,
    isDashed,
    points: pointsOf(metrics, key),
  });
  return svgToPng(curvesSvg('Loss', [curve('training', 'loss', '#1971c2'), curve('evaluation', 'eval_loss', '#e8590c', true)]));
}

export function pointsOf(metrics: readonly MetricEntry[], key: string): { step: number; value: number }[] {
  return metrics.flatMap((entry) => {
    const [step, value] = [entry['step'], entry[key]];
    return step === undefined || value === undefined ? [] : [{ step, value }];
  });
}

function settingRows({ settings }: FinishedRun): [string, string][] {
  return Object.entries(settings).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
}

function dataLines({ data, eval_data: evaluation }: FinishedRun): string[] {
  const counted = (rows: number): string => `${rows} row${rows === 1 ? '' : 's'}`;
  return [
    `Training: ${counted(data.rows)} of ${basename(data.file)}; ${data.droppedRows} dropped and ${data.truncatedRows} cut because of their length.`,
    ...(evaluation === null
      ? []
      : [
          `Evaluation: ${counted(evaluation.rows)} ${evaluation.file === null ? 'held out of the same file' : `of ${basename(evaluation.file)}`}.`,
        ]),
  ];
}

function resultRows(run: FinishedRun | null, metrics: readonly MetricEntry[]): [string, string][] {
  const last = (key: string): number | undefined => metrics.findLast((entry) => entry[key] !== undefined)?.[key];
  const keys = [...RESULTS.map((key) => `eval_${key}`), ...RESULTS];
  const rows = keys.flatMap((key): [string, string][] => {
    const value = last(key);
    return value === undefined ? [] : [[key, value.toPrecision(DIGITS)]];
  });
  return run?.result ? [['train_loss', run.result.train_loss.toPrecision(DIGITS)], ...rows] : rows;
}
