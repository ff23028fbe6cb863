/** @file Progress in words: how much, how fast, how long still. */
import type { JobEvent } from '#jobs/training-request.ts';
import { formatBytes, formatCount, formatDuration } from './format-quantity.ts';

type Unit = Extract<JobEvent, { kind: 'progress' }>['unit'];

export interface Progress {
  /** What is being done. */
  readonly label: string;
  /** In units; may be a fraction, where part of a unit is done. */
  readonly done: number;
  /** Null while unknown. */
  readonly total: number | null;
  readonly unit: Unit;
}

const SINGULAR: Readonly<Record<Unit, string>> = { rows: 'row', bytes: 'byte', steps: 'step', batches: 'batch' };
const BAR_WIDTH = 24;

/** `12 of 120 steps, 1.3 steps/s, 1 min 23 s left` @param perSecond - null while unknown */
export function progressText({ done, total, unit }: Progress, perSecond: number | null): string {
  const parts = [amountText(Math.floor(done), total, unit)];
  if (perSecond !== null) parts.push(rateText(perSecond, unit));
  if (perSecond !== null && total !== null && done < total) parts.push(`${formatDuration(((total - done) / perSecond) * 1000)} left`);
  return parts.join(', ');
}

/** `[=====>      ]`, or nothing while the total is unknown. */
export function progressBar({ done, total }: Progress): string {
  if (total === null || total <= 0) return '';
  const filled = Math.round(Math.min(1, done / total) * BAR_WIDTH);
  const head = filled > 0 && filled < BAR_WIDTH ? `${'='.repeat(filled - 1)}>` : '='.repeat(filled);
  return `[${head.padEnd(BAR_WIDTH)}]`;
}

function amountText(done: number, total: number | null, unit: Unit): string {
  const count = unit === 'bytes' ? formatBytes : formatCount;
  const suffix = unit === 'bytes' ? '' : ` ${unit}`;
  return total === null ? count(done) + suffix : `${count(done)} of ${count(total)}${suffix}`;
}

/** Slow work reads better as the time of one unit. */
function rateText(perSecond: number, unit: Unit): string {
  if (unit === 'bytes') return `${formatBytes(Math.round(perSecond))}/s`;
  if (perSecond < 1) return `${roughly(1 / perSecond)} s/${SINGULAR[unit]}`;
  return `${roughly(perSecond)} ${unit}/s`;
}

/** Two digits are all that a rate is worth. */
function roughly(value: number): string {
  return formatCount(Number(value.toPrecision(2)));
}
