/** @file Quantities of models and runs as a person reads them. */
import { formatCount } from './numbers.ts';

/** 1100048384 → `1.1 billion`, 5242880 → `5.2 million` */
export function formatParameters(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} billion`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} million`;
  return formatCount(count);
}

/** Binary units, as memory is counted. */
export function formatMemory(bytes: number): string {
  if (bytes < 2 ** 20) return `${Math.ceil(bytes / 2 ** 10)} KiB`;
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** Two digits below ten seconds, as a step may take a tenth of one. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** As people write hyperparameters: 0.0005 → `5e-4`, 0.1 → `0.1`. */
export function formatSetting(value: number): string {
  if (value === 0 || Math.abs(value) >= 1e-3) return String(value);
  return value.toExponential().replace('e+', 'e');
}
