/** @file Collects the batches of one evaluation. */
import { addTo, means } from './metrics-window.ts';

/**
 * `eval_loss` is weighted by example; every other metric is the plain mean over the batches that had it.
 * @see transformers/trainer.py `evaluation_loop` · trl/trainer/kto_trainer.py `log`
 */
export class EvalMetrics {
  readonly #sums = new Map<string, { sum: number; count: number }>();
  #lossSum = 0;
  #rows = 0;

  /**
   * @param loss - mean over the batch's rows
   * @param rowCount - examples for KTO, pairs for DPO
   */
  addBatch({
    loss,
    rowCount,
    metrics,
  }: {
    readonly loss: number;
    readonly rowCount: number;
    readonly metrics: Readonly<Record<string, number>>;
  }): void {
    this.#lossSum += loss * rowCount;
    this.#rows += rowCount;
    addTo(this.#sums, metrics);
  }

  /**
   * @param numTokens - tokens seen by training so far; evaluation does not add to them
   * @returns the log entry, keys prefixed `eval_`; empty for an evaluation without rows
   */
  result({
    numTokens,
    epoch,
    step,
  }: {
    readonly numTokens: number;
    readonly epoch: number;
    readonly step: number;
  }): Record<string, number> {
    if (this.#rows === 0) return {};
    const prefixed = Object.entries(means(this.#sums)).map(([key, value]) => [`eval_${key}`, value] as const);
    return { eval_loss: this.#lossSum / this.#rows, ...Object.fromEntries(prefixed), eval_num_tokens: numTokens, epoch, step };
  }
}
