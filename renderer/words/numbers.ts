/** @file Quantities as a person reads them. */
import type { TaskUnit } from '#contract/tasks.ts';

const LOCALE = 'en';

/** 1234567 → `1,234,567` */
export function formatCount(value: number): string {
  return value.toLocaleString(LOCALE);
}

/** Decimal units, as disks are sold. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} bytes`;
  const [divisor, unit] = bytes < 1e6 ? [1e3, 'kB'] : bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB'];
  return `${(bytes / divisor).toFixed(1)} ${unit}`;
}

/** To the second below an hour, then to the minute. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** 0.512 → `51 %` */
export function formatPercent(part: number): string {
  return `${(part * 100).toLocaleString(LOCALE, { maximumFractionDigits: part !== 0 && part < 0.1 ? 1 : 0 })} %`;
}

/** Day and time, as the language writes them. @param time - milliseconds since 1970 */
export function formatTime(time: number): string {
  return new Date(time).toLocaleString(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
}

/** `1 row`, `1,204 rows` */
export function counted(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const UNITS: Readonly<Record<Exclude<TaskUnit, 'bytes'>, readonly [string, string]>> = {
  rows: ['row', 'rows'],
  files: ['file', 'files'],
  pairs: ['pair', 'pairs'],
  prompts: ['prompt', 'prompts'],
  engines: ['engine', 'engines'],
  texts: ['text', 'texts'],
};

/** `1,200 rows`, `3.4 MB` */
export function formatAmount(amount: number, unit: TaskUnit): string {
  return unit === 'bytes' ? formatBytes(amount) : counted(amount, ...UNITS[unit]);
}

/** Two digits are all that a rate is worth. */
export function formatRate(perSecond: number, unit: TaskUnit): string {
  if (unit === 'bytes') return `${formatBytes(perSecond)}/s`;
  return `${formatCount(Number(perSecond.toPrecision(2)))} ${UNITS[unit][1]}/s`;
}
