/** @file Whether an export, loaded again, is what was trained: its log-probabilities beside the run's. */
import type { GgufDtype } from '#engine/export/gguf/gguf-dtype.ts';

export interface Verification {
  /** What loaded the export again. */
  readonly loadedBy: 'Prospect' | 'llama.cpp';
  readonly texts: number;
  readonly tokens: number;
  /** Largest difference over the texts, nats a token. */
  readonly largestGap: number;
  /** What rounding alone explains, nats a token. */
  readonly allowedGap: number;
  readonly isSame: boolean;
}

export type StoredDtype = GgufDtype | 'BF16' | 'F64';

/**
 * Nats a token. float32: only the order of sums differs. The rest: a weight keeps 11, 8 or about 8 bits, which moves the logits of common models by hundredths; a
 * wrong or missing weight moves them by whole nats.
 */
const ALLOWED: Readonly<Record<StoredDtype, number>> = { F64: 1e-3, F32: 1e-3, F16: 0.02, BF16: 0.1, Q8_0: 0.15 };

export function verify({
  loadedBy,
  sequences,
  expected,
  got,
  dtype,
}: {
  readonly loadedBy: Verification['loadedBy'];
  readonly sequences: readonly Int32Array[];
  /** Summed log-probability of each sequence. */
  readonly expected: readonly number[];
  readonly got: readonly number[];
  readonly dtype: StoredDtype;
}): Verification {
  const counts = sequences.map(({ length }) => length - 1);
  const gaps = counts.map((tokens, i) => Math.abs((got[i] ?? NaN) - (expected[i] as number)) / tokens);
  const largestGap = gaps.some((gap) => !Number.isFinite(gap)) ? Infinity : Math.max(...gaps);
  const allowedGap = ALLOWED[dtype];
  return {
    loadedBy,
    texts: sequences.length,
    tokens: counts.reduce((sum, tokens) => sum + tokens, 0),
    largestGap,
    allowedGap,
    isSame: largestGap <= allowedGap,
  };
}

/** The line that is shown. */
export function verificationText({ loadedBy, texts, tokens, largestGap, allowedGap, isSame }: Verification): string {
  const gap = largestGap === 0 ? '0' : largestGap < 1e-4 ? largestGap.toExponential(1) : largestGap.toFixed(4);
  const numbers = `log-probabilities of ${texts} texts (${tokens} tokens) differ by at most ${gap} nats a token`;
  return isSame
    ? `Verified: loaded again by ${loadedBy}, ${numbers}.`
    : `Not verified: loaded again by ${loadedBy}, ${numbers}, more than the ${allowedGap} that rounding explains. Do not use this export; please report it.`;
}
