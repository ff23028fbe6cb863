/** @file The decisions that trade time for memory. None of them changes the numbers beyond the order of float32 sums. */

export interface MemoryPlan {
  /** Policy tokens computed at once; a micro-batch is cut into chunks of about as many. */
  readonly chunkTokens: number;
  /** Groups that scored positions go through the head in: only one group's logits exist at a time. */
  readonly headGroups: number;
  /** Keep only the inputs of layers for the backward pass and compute the rest again: about a third more time, far less memory. */
  readonly recompute: boolean;
  /**
   * KTO: take the gradient of every row by itself in one pass, which needs a copy of the adapter's gradient per row of the micro-batch; or compute
   * z0 first, in a pass over prompts and KL partners of its own.
   */
  readonly rowGradients: boolean;
}

/** What is built into a graph; the rest of the plan decides how it is fed. */
export type GraphMemory = Pick<MemoryPlan, 'headGroups' | 'recompute'>;

/** Logits of one group, times the few copies a softmax needs, stay well below the activations of a chunk. */
const LOGITS_PER_GROUP = 2 ** 24;

/** Groups for chunks in which at most half of the tokens are scored. */
export function headGroupsFor(vocabSize: number, chunkTokens: number): number {
  return Math.max(1, Math.ceil((vocabSize * chunkTokens) / 2 / LOGITS_PER_GROUP));
}

/** Nothing saved, for small models and tests. */
export const EVERYTHING_AT_ONCE: MemoryPlan = { chunkTokens: Infinity, headGroups: 1, recompute: false, rowGradients: true };
