/** @file Keeps a share of the rows apart for evaluation, by prompt: no prompt is on both sides. */
import type { Row } from './row.ts';

export interface HoldOut<R> {
  readonly train: readonly R[];
  readonly evaluation: readonly R[];
}

/**
 * The choice depends on the seed and each prompt only, not on the order of rows; both sides keep their order.
 * @param ratio - share of the prompts, 0 … 0.5; rounded to whole prompts, of which at least one stays on each side where there are two
 */
export function holdOut<R extends Row>(rows: readonly R[], ratio: number, seed: number): HoldOut<R> {
  if (ratio === 0) return { train: rows, evaluation: [] };
  const keys = rows.map(promptKey);
  const prompts = [...new Set(keys)].map((key) => ({ key, hash: hash(key, seed) }));
  if (prompts.length < 2) return { train: rows, evaluation: [] };
  prompts.sort((a, b) => a.hash - b.hash || (a.key < b.key ? -1 : 1));
  const held = new Set(prompts.slice(0, Math.max(1, Math.round(prompts.length * ratio))).map(({ key }) => key));
  const isHeld = (_: R, i: number) => held.has(keys[i] as string);
  return { train: rows.filter((row, i) => !isHeld(row, i)), evaluation: rows.filter(isHeld) };
}

function promptKey(row: Row): string {
  return row.form === 'tokens' ? row.promptIds.join(' ') : JSON.stringify(row.prompt);
}

/** FNV-1a over UTF-16 code units, then MurmurHash3's finaliser so that similar prompts do not lie together. */
function hash(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
