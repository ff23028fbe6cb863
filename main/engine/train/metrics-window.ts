/** @file Collects the micro-batches between two logs and averages them as TRL and Transformers do. */

/** Plain JSON, so that a checkpoint taken inside a window loses nothing. */
export interface MetricsWindowState {
  readonly sums: Readonly<Record<string, { readonly sum: number; readonly count: number }>>;
  readonly lossSum: number;
  readonly steps: number;
  readonly allLossSum: number;
  readonly allSteps: number;
  readonly tokens: number;
}

/**
 * Each metric is the plain mean of its values over the micro-batches that had it, so `rewards/margins` need not equal the difference of
 * the logged rewards. `loss` is the mean over optimizer steps. `num_tokens` counts on over the whole run (TRL begins again at 0 after a
 * resume; this goes on). Transformers replaces a NaN loss by the mean so far; here training stops instead (`assertFinite`).
 * @see trl/trainer/kto_trainer.py `log` · transformers/trainer.py `_maybe_log_save_evaluate`
 */
export class MetricsWindow {
  #sums = new Map<string, { sum: number; count: number }>();
  #lossSum = 0;
  #steps = 0;
  #allLossSum = 0;
  #allSteps = 0;
  #tokens = 0;

  /**
   * @param loss - mean over the micro-batch's rows
   * @param microBatches - in this optimizer step, by which its loss and gradient are divided
   * @param tokens - prompt and completion tokens of the rows, without padding and without KL partners
   */
  addMicroBatch({
    loss,
    microBatches,
    tokens,
    metrics,
  }: {
    readonly loss: number;
    readonly microBatches: number;
    readonly tokens: number;
    readonly metrics: Readonly<Record<string, number>>;
  }): void {
    this.#lossSum += loss / microBatches;
    this.#allLossSum += loss / microBatches;
    this.#tokens += tokens;
    addTo(this.#sums, metrics);
  }

  endStep(): void {
    this.#steps += 1;
    this.#allSteps += 1;
  }

  /** Tokens seen by training so far, which evaluations report too. */
  get numTokens(): number {
    return this.#tokens;
  }

  /** Mean loss over all steps so far: Transformers' `train_loss`. */
  get trainLoss(): number {
    return this.#allSteps === 0 ? 0 : this.#allLossSum / this.#allSteps;
  }

  /** The log entry of the window, which is empty afterwards. At least one step must have ended in it. */
  flush({
    gradNorm,
    learningRate,
    epoch,
    step,
  }: {
    /** Of the last step, before clipping. */
    readonly gradNorm: number;
    /** Used for the last step. */
    readonly learningRate: number;
    readonly epoch: number;
    readonly step: number;
  }): Record<string, number> {
    const entry = {
      loss: this.#lossSum / this.#steps,
      grad_norm: gradNorm,
      learning_rate: learningRate,
      ...means(this.#sums),
      num_tokens: this.#tokens,
      epoch,
      step,
    };
    this.#sums = new Map();
    this.#lossSum = 0;
    this.#steps = 0;
    return entry;
  }

  state(): MetricsWindowState {
    const sums = Object.fromEntries([...this.#sums].map(([key, value]) => [key, { ...value }]));
    return {
      sums,
      lossSum: this.#lossSum,
      steps: this.#steps,
      allLossSum: this.#allLossSum,
      allSteps: this.#allSteps,
      tokens: this.#tokens,
    };
  }

  restore(state: MetricsWindowState): void {
    this.#sums = new Map(Object.entries(state.sums).map(([key, value]) => [key, { ...value }]));
    this.#lossSum = state.lossSum;
    this.#steps = state.steps;
    this.#allLossSum = state.allLossSum;
    this.#allSteps = state.allSteps;
    this.#tokens = state.tokens;
  }
}

/** Adds a micro-batch's values to running sums. */
export function addTo(sums: Map<string, { sum: number; count: number }>, metrics: Readonly<Record<string, number>>): void {
  for (const [key, value] of Object.entries(metrics)) {
    const { sum, count } = sums.get(key) ?? { sum: 0, count: 0 };
    sums.set(key, { sum: sum + value, count: count + 1 });
  }
}

export function means(sums: ReadonlyMap<string, { sum: number; count: number }>): Record<string, number> {
  return Object.fromEntries([...sums].map(([key, { sum, count }]) => [key, sum / count]));
}
