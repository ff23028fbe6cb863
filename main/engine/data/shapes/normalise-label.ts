/** @file The form in which the values of a label column are compared. */

// Skin tones and the selector that asks for a coloured picture: the same thumb.
const EMOJI_VARIANTS = /[\u{1f3fb}-\u{1f3ff}]|\ufe0f/gu;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/u;

/** Text in small letters without surrounding space; numbers alike however they are written, so 1, "1" and "1.0" are one value. */
export function normaliseLabel(value: string | number | boolean | bigint): string {
  const text = String(value).trim().toLowerCase().replace(EMOJI_VARIANTS, '');
  return NUMBER.test(text) ? String(Number(text)) : text;
}

/** The number that a cell holds, also as text; null if it holds none that is finite. */
export function asNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (!NUMBER.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** True for what stands for "not rated": nothing, white space, or the NaN of a table of numbers. */
export function isUnrated(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'number' && Number.isNaN(value);
}
