/** @file Chooses the next token of one sequence. */
import { FormatError } from '#contract/errors.ts';
import type { LogitsWarper } from './logits-warper.ts';
import type { Sampling } from './sampling.ts';

export interface ChooserOptions {
  readonly sampling: Sampling;
  /** May be shared by sequences. */
  readonly warper: LogitsWarper;
  /** Uniform in [0, 1); a sequence of its own for every sequence, so that its tokens do not depend on the others. */
  readonly random: () => number;
}

export class TokenChooser {
  readonly #options: ChooserOptions;
  readonly #seen: Set<number>;

  constructor(promptIds: Int32Array, options: ChooserOptions) {
    this.#options = options;
    this.#seen = new Set(options.sampling.repetitionPenalty === 1 ? [] : promptIds);
  }

  /**
   * @param logits `[V]`; may be changed
   * @throws {FormatError} if they are not numbers: the weights are damaged
   */
  choose(logits: Float32Array): number {
    const { sampling, warper, random } = this.#options;
    penalise(logits, this.#seen, sampling.repetitionPenalty);
    const best = argMax(logits);
    const token = sampling.greedy ? best : draw(warper.warp(logits), random());
    if (sampling.repetitionPenalty !== 1) this.#seen.add(token);
    return token;
  }
}

/** @see arXiv:1909.05858, and transformers' RepetitionPenaltyLogitsProcessor, which looks at the prompt too */
export function penalise(logits: Float32Array, seen: Iterable<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const token of seen) {
    const logit = logits[token] as number;
    logits[token] = logit < 0 ? logit * penalty : logit / penalty;
  }
}

/** The first of equals. */
function argMax(logits: Float32Array): number {
  let best = 0;
  let total = 0;
  for (let token = 0; token < logits.length; token++) {
    const logit = logits[token] as number;
    total += logit;
    if (logit > (logits[best] as number)) best = token;
  }
  if (Number.isFinite(total)) return best;
  throw new FormatError(
    "The model's prediction is not a number: its weights or the adapter's are damaged. Download the model again, or choose another adapter.",
    { file: 'model.safetensors' },
  );
}

function draw({ tokens, weights, count, totalWeight }: ReturnType<LogitsWarper['warp']>, uniform: number): number {
  let left = uniform * totalWeight;
  for (let i = 0; i < count - 1; i++) {
    left -= weights[i] as number;
    if (left < 0) return tokens[i] as number;
  }
  return tokens[count - 1] as number;
}
