/** @file The results of the demo as a person reads them, and as one line of JSON. */
import { wrapText } from '#cli/wrap-text.ts';
import type { Answers, HeldOutPrompt } from './compare-answers.ts';
import { sparkline } from './sparkline.ts';
import type { FinishedRun } from './train-run.ts';

export interface DemoResult {
  readonly kto: FinishedRun;
  readonly dpo: FinishedRun;
  readonly answers: Readonly<Record<'base' | 'kto' | 'dpo', Answers>>;
  readonly prompts: readonly HeldOutPrompt[];
}

const SHOWN_PROMPTS = 3;
const CURVE_COLUMNS = 40;
const TEXT_COLUMNS = 100;
const LABELS = { base: 'base', kto: 'KTO', dpo: 'DPO' } as const;

export function reportLines(result: DemoResult): string[] {
  return ['', ...curveLines(result), '', ...tableLines(result), '', ...answerLines(result)];
}

/** The last line of `npm run demo -- --json`. */
export function reportJson({ kto, dpo, answers: { base, ...tuned } }: DemoResult, seconds: number): string {
  const numbers = ({ curves }: FinishedRun) => ({
    eval_loss: round(curves['eval_loss'].at(-1)),
    reward_margin: round(curves['eval_rewards/margins'].at(-1)),
  });
  const share = { base: base.harshShare, kto: tuned.kto.harshShare, dpo: tuned.dpo.harshShare };
  return JSON.stringify({ seconds: round(seconds), harsh_share: share, kto: numbers(kto), dpo: numbers(dpo) });
}

function curveLines({ kto, dpo }: DemoResult): string[] {
  const line = (label: string, { curves }: FinishedRun, key: 'loss' | 'rewards/margins') => {
    const values = curves[key];
    const ends = [values[0], values.at(-1)].map((value) => (value ?? NaN).toFixed(3));
    return `  ${label.padEnd(4)} ${sparkline(values, CURVE_COLUMNS)}  ${ends.join(' → ')}`;
  };
  return [
    'Training loss',
    line('KTO', kto, 'loss'),
    line('DPO', dpo, 'loss'),
    'Reward margin (chosen − rejected)',
    line('KTO', kto, 'rewards/margins'),
    line('DPO', dpo, 'rewards/margins'),
  ];
}

function tableLines({ kto, dpo, answers }: DemoResult): string[] {
  const runs = { base: null, kto, dpo };
  const cell = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(3)).padStart(14);
  const rows = (['base', 'kto', 'dpo'] as const).map((name) => {
    const curves = runs[name]?.curves;
    const share = `${(100 * answers[name].harshShare).toFixed(0)} %`.padStart(14);
    return `  ${LABELS[name].padEnd(5)}${cell(curves?.['eval_loss'].at(-1))}${cell(curves?.['eval_rewards/margins'].at(-1))}${share}`;
  });
  const count = answers.base.texts.length;
  return [
    `On held-out pairs; harsh answers among those to ${count} held-out prompts`,
    `       ${'eval_loss'.padStart(14)}${'reward margin'.padStart(14)}${'harsh'.padStart(14)}`,
    ...rows,
  ];
}

function answerLines({ answers, prompts }: DemoResult): string[] {
  return prompts.slice(0, SHOWN_PROMPTS).flatMap(({ text }, i) => [
    text,
    ...(['base', 'kto', 'dpo'] as const).flatMap((name) => {
      const lines = wrapText(answers[name].texts[i] ?? '', TEXT_COLUMNS - 7).split('\n');
      return lines.map((line, at) => `  ${(at === 0 ? LABELS[name] : '').padEnd(5)}${line}`);
    }),
    '',
  ]);
}

function round(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toFixed(4));
}
