/** @file A comparison as one HTML file that opens without a network, as JSON, and as CSV. */
import { curvesSvg } from '#engine/export/curves-svg.ts';
import { pointsOf } from '#exports/run-card.ts';
import { compareSettings } from './comparison.ts';
import type { ComparedRun, Verdict } from './comparison.ts';
import { figureRows, figureText } from './figure-rows.ts';

export interface Comparison {
  readonly runs: readonly ComparedRun[];
  readonly verdict: Verdict | null;
  /** Answers to the same prompts with the same seed: the base model's, then each run's. */
  readonly answers: readonly ComparedAnswers[];
  /** What blind votes came to, a sentence for each two that were voted on. */
  readonly votes: readonly string[];
  /** ISO 8601. */
  readonly madeAt: string;
}

export interface ComparedAnswers {
  readonly prompt: string;
  /** The base model's, then each run's in their order. */
  readonly texts: readonly string[];
}

const COLORS = ['#1971c2', '#e8590c', '#2f9e44', '#9c36b5', '#c2255c', '#0c8599'];
const CURVES: readonly (readonly [title: string, train: string, evaluation: string])[] = [
  ['Loss', 'loss', 'eval_loss'],
  ['Reward margin', 'rewards/margins', 'eval_rewards/margins'],
  ['Desirable reward', 'rewards/chosen', 'eval_rewards/chosen'],
  ['Undesirable reward', 'rewards/rejected', 'eval_rewards/rejected'],
];
const STYLE =
  ':root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;margin:.5rem 0 1.5rem;width:100%}' +
  'th,td{border-bottom:1px solid #8884;padding:.3rem .6rem;text-align:left;vertical-align:top}td{white-space:pre-wrap;overflow-wrap:anywhere}.same{opacity:.55}.verdict{border-left:4px solid #1971c2;padding:.5rem 1rem;background:#1971c218}' +
  'figure{display:inline-block;margin:.25rem;width:calc(50% - .75rem);min-width:20rem}svg{max-width:100%;height:auto;border-radius:6px}';

export function comparisonHtml({ runs, verdict, answers, votes, madeAt }: Comparison): string {
  const names = runs.map(({ name }) => name);
  const settings = compareSettings(runs);
  const sections = [
    `<h1>${names.map(escaped).join(' · ')}</h1><p>Compared by Prospect on ${escaped(madeAt)}.</p>`,
    ...[...(verdict ? [verdict.text] : []), ...votes].map((text) => `<p class="verdict">${escaped(text)}</p>`),
    `<h2>On held-out pairs</h2>${table(['', ...names], figureTable(runs))}`,
    `<h2>Curves</h2>${CURVES.map((curve) => figure(runs, curve)).join('')}`,
    ...answerSection(names, answers),
    `<h2>Settings</h2>${table(
      ['', ...names],
      settings.map(({ name, values, differs }) => ({ cells: [name, ...values.map((value) => value ?? '–')], isFaint: !differs })),
    )}`,
  ];
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${names.map(escaped).join(' · ')}</title><style>${STYLE}</style></head>` +
    `<body>${sections.join('\n')}</body></html>\n`
  );
}

/** Everything as data, answers and each pair's margin included. */
export function comparisonJson({ runs, verdict, answers, votes, madeAt }: Comparison): string {
  const described = runs.map(({ name, source, evaluation }) => ({
    name,
    adapter: source.adapterDir,
    settings: source.run?.settings ?? null,
    figures: Object.fromEntries(figureRows(evaluation).map(({ key, estimate }) => [key, estimate])),
    pairs: evaluation.pairs,
    drawn_answers: evaluation.answers?.answers ?? null,
  }));
  return `${JSON.stringify({ made_at: madeAt, verdict, votes, runs: described, answers }, null, 2)}\n`;
}

/** One line a figure: key, then value and 95 % interval of each run. */
export function comparisonCsv({ runs }: Comparison): string {
  const rows = figureTable(runs, true);
  const head = ['figure', ...runs.flatMap(({ name }) => [name, `${name} low`, `${name} high`])];
  return [head, ...rows.map(({ cells }) => cells)].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

interface Row {
  readonly cells: readonly string[];
  readonly isFaint?: boolean;
}

function figureTable(runs: readonly ComparedRun[], asNumbers = false): Row[] {
  const columns = runs.map(({ evaluation }) => figureRows(evaluation));
  return (columns[0] ?? []).map((first, row) => {
    const figures = columns.map((column) => column[row] ?? first);
    const numbers = figures.flatMap(({ estimate: { value, low, high } }) =>
      [value, low, high].map((n) => (Number.isFinite(n) ? String(n) : '')),
    );
    return { cells: [asNumbers ? first.key : first.label, ...(asNumbers ? numbers : figures.map(figureText))] };
  });
}

function figure(runs: readonly ComparedRun[], [title, train, evaluation]: readonly [string, string, string]): string {
  const curves = runs.flatMap(({ name, source }, i) => {
    const color = COLORS[i % COLORS.length] as string;
    const [trained, evaluated] = [pointsOf(source.metrics, train), pointsOf(source.metrics, evaluation)];
    return [
      ...(trained.length > 0 ? [{ name, color, points: trained }] : []),
      ...(evaluated.length > 0 ? [{ name: `${name} eval`, color, points: evaluated, isDashed: true }] : []),
    ];
  });
  return curves.length === 0 ? '' : `<figure>${curvesSvg(title, curves)}</figure>`;
}

function answerSection(names: readonly string[], answers: readonly ComparedAnswers[]): string[] {
  if (answers.length === 0) return [];
  const rows = answers.map(({ prompt, texts }): Row => ({ cells: [prompt, ...texts] }));
  return [`<h2>Answers to the same prompts with the same seed</h2>${table(['prompt', 'base model', ...names], rows)}`];
}

function table(head: readonly string[], rows: readonly Row[]): string {
  const cells = (tag: string, list: readonly string[]): string => list.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('');
  const body = rows.map(({ cells: list, isFaint }) => `<tr${isFaint ? ' class="same"' : ''}>${cells('td', list)}</tr>`).join('');
  return `<table><thead><tr>${cells('th', head)}</tr></thead><tbody>${body}</tbody></table>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A spreadsheet would run a cell that begins like a formula. */
function csvCell(text: string): string {
  const safe = /^[=+@]|^-[^\d.]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
