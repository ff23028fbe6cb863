/** @file Quantities in words, as short as they can be. */

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Decimal units, as file managers show them: "1.3 GB". */
export function formatBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  for (; value >= 1000 && unit < BYTE_UNITS.length - 1; unit++) value /= 1000;
  return `${value >= 100 || unit === 0 ? Math.round(value) : Number(value.toFixed(1))} ${BYTE_UNITS[unit] ?? ''}`;
}

/** "12 s", "3 min 05 s", "2 h 14 min", "3 d 2 h". */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  const two = (n: number): string => String(n).padStart(2, '0');
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${two(minutes % 60)} min`;
  if (minutes > 0) return `${minutes} min ${two(seconds % 60)} s`;
  return `${seconds} s`;
}

/** "27 Nov 2026, 15:20". */
export function formatTime(at: number): string {
  return new Date(at).toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
}

/** "15:20:07", for lines of a log. */
export function formatClock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}
