/** @file A data file in plain words. */
import type { DataReport } from '#jobs/inspect-data.ts';
import { counted, factSheet } from './fact-sheet.ts';
import type { Fact } from './fact-sheet.ts';
import { formatCount } from './format-quantity.ts';

const FORM_NAMES = { text: 'plain text', chat: 'chat messages', tokens: 'token ids' } as const;
/** Problems that are worth reading at once. */
const SHOWN_BAD_ROWS = 5;

export function describeData(report: DataReport): string {
  const { rows, badRows, longest } = report;
  return factSheet(`Data ${report.file}`, [
    ['Can be used', usable(report)],
    ['Rows', badRows === 0 ? formatCount(rows) : `${formatCount(rows)}, of which ${formatCount(badRows)} can't be used`],
    ['Shape', shapeText(report)],
    ['Conversational', conversationalText(report)],
    labelFact(report),
    report.weights === null ? null : ['Weights', weightsText(report.weights)],
    ['Empty prompts', emptyPromptsText(report)],
    longest === null ? null : ['Longest text', `${formatCount(longest.length)} ${longest.unit} of prompt and answer (row ${longest.row})`],
    badRows === 0 ? null : ['First bad rows', badRowsText(report)],
  ]);
}

function usable({ problem, canSkipBadRows }: DataReport): string {
  if (problem === null) return 'yes';
  return canSkipBadRows ? 'only with --skip-bad-rows' : 'no';
}

function shapeText({ kind, rows, badRows }: DataReport): string {
  if (kind === null) return 'unknown';
  if (kind === 'examples') return 'examples: a prompt, a completion and a label; for KTO';
  return `pairs: a prompt, a chosen and a rejected answer; for DPO, or for KTO as ${formatCount(2 * (rows - badRows))} examples`;
}

function conversationalText({ conversational, forms }: DataReport): string {
  const present = (['text', 'chat', 'tokens'] as const).filter((form) => forms[form] > 0);
  if (present.length <= 1) return `${conversational ? 'yes' : 'no'}${present[0] === undefined ? '' : `: ${FORM_NAMES[present[0]]}`}`;
  return `mixed: ${present.map((form) => `${counted(formatCount(forms[form]), 'row')} of ${FORM_NAMES[form]}`).join(', ')}`;
}

function labelFact({ labels }: DataReport): Fact | null {
  if (labels === null) return null;
  const { desirable, undesirable } = labels;
  const share = Math.round((100 * desirable) / (desirable + undesirable));
  const missing = desirable === 0 || undesirable === 0 ? '; KTO needs both kinds to learn the difference' : '';
  return ['Labels', `${formatCount(desirable)} desirable (${share} %), ${formatCount(undesirable)} undesirable${missing}`];
}

function weightsText({ desirable, undesirable }: NonNullable<DataReport['weights']>): string {
  return `to balance the labels, --desirable-weight ${desirable.join(' to ')} or --undesirable-weight ${undesirable.join(' to ')}, not both`;
}

function emptyPromptsText({ emptyPrompts, firstEmptyPrompts }: DataReport): string {
  if (emptyPrompts === 0) return 'none';
  const more = emptyPrompts > firstEmptyPrompts.length ? ', …' : '';
  return `${formatCount(emptyPrompts)} (row ${firstEmptyPrompts.join(', ')}${more})`;
}

function badRowsText({ firstBadRows, badRows }: DataReport): string {
  const shown = firstBadRows.slice(0, SHOWN_BAD_ROWS).map(({ message }) => message);
  const more = badRows - shown.length;
  return [...shown, ...(more > 0 ? [`and ${formatCount(more)} more`] : [])].join('\n');
}
