/** @file How much of a prompt is computed at once. */

/** A person who presses Stop should not wait longer than 200 ms for what is being computed. */
const SLICE_MS = 120;
/** What one thread of a common processor multiplies in a millisecond, on the safe side. */
const MULTIPLICATIONS_PER_MS = 2e7;
const MIN_TOKENS = 8;
const MAX_TOKENS = 512;

/**
 * The same on each call for the same model and machine: how a prompt is cut decides the order of sums, and with it the last digits of what follows, so
 * that the size may not depend on how busy the machine is.
 * @param weightBytes - of the model in memory; a token multiplies about as many weights
 * @param threads - null on a graphics card, which takes no time worth cutting
 */
export function promptSlice({ weightBytes, threads }: { readonly weightBytes: number; readonly threads: number | null }): number {
  if (threads === null) return MAX_TOKENS;
  const fitting = (SLICE_MS * MULTIPLICATIONS_PER_MS * threads) / Math.max(1, weightBytes);
  const power = 2 ** Math.floor(Math.log2(Math.max(1, fitting)));
  return Math.min(MAX_TOKENS, Math.max(MIN_TOKENS, power));
}
