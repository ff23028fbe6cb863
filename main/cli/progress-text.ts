/** @file Progress in words: how much, how fast, how long still. */
import type { JobEvent } from '#jobs/training-request.ts';
import { formatBytes, formatCount, formatDuration } from './format-quantity.ts';

type Unit = Extract<JobEvent, { kind: 'progress' }>['unit'] | 'texts' | 'percent';

export interface Progress {
  /** What is being done. */
  readonly label: string;
  /** In units; may be a fraction, where part of a unit is done. */
  readonly done: number;
  /** Null while unknown. */
  readonly total: number | null;
  readonly unit: Unit;
  /** 0 … 1, where that is known though the total is not. */
  readonly share?: number;
  /** Where the work itself knows better than what can be told from `done` and `total`. */
  readonly msLeft?: number | null;
}

const SINGULAR: Readonly<Record<Unit, string>> = {
  rows: 'row',
  bytes: 'byte',
  steps: 'step',
  batches: 'batch',
  texts: 'text',
  percent: 'percent',
};
const BAR_WIDTH = 24;

/** `12 of 120 steps, 1.3 steps/s, 1 min 23 s left` @param perSecond - null while unknown */
export function progressText({ done, total, unit, msLeft = null }: Progress, perSecond: number | null): string {
  const parts = [amountText(Math.floor(done), total, unit)];
  if (perSecond !== null && unit !== 'percent') parts.push(rateText(perSecond, unit));
  if (msLeft !== null && msLeft > 0) return [...parts, `${formatDuration(msLeft)} left`].join(', ');
  if (perSecond !== null && total !== null && done < total) parts.push(`${formatDuration(((total - done) / perSecond) * 1000)} left`);
  return parts.join(', ');
}

/** `[=====>      ]`, or nothing while the total is unknown. */
export function progressBar({ done, total, share = shareOf(done, total) }: Progress): string {
  if (Number.isNaN(share)) return '';
  const filled = Math.round(Math.min(1, share) * BAR_WIDTH);
  const head = filled > 0 && filled < BAR_WIDTH ? `${'='.repeat(filled - 1)}>` : '='.repeat(filled);
  return `[${head.padEnd(BAR_WIDTH)}]`;
}

/** NaN while the total is unknown. */
function shareOf(done: number, total: number | null): number {
  return total === null || total <= 0 ? Number.NaN : done / total;
}

function amountText(done: number, total: number | null, unit: Unit): string {
  if (unit === 'percent') return `${done} %`;
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
