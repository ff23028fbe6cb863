/** @file The pretraining loop: a batch, its gradients, clipping, AdamW; logged, evaluated, and able to stand still anywhere for a checkpoint. */
import { CancelledError } from '#contract/errors.ts';
import { AdamW } from '#engine/train/adamw.ts';
import type { AdamWState } from '#engine/train/adamw.ts';
import { clipGradNorm } from '#engine/train/clip-grad-norm.ts';
import { assertFinite } from '#engine/train/divergence.ts';
import { learningRateAt, warmupStepCount } from '#engine/train/learning-rate.ts';
import { evaluationBatches, trainingBatches } from './document-batches.ts';
import type { BatchOptions, DocumentBatch } from './document-batches.ts';
import type { TrainedWeights } from './initial-weights.ts';
import type { PretrainPass } from './pretrain-pass.ts';
import type { PretrainSettings } from './pretrain-settings.ts';

export type PretrainEvent =
  | { readonly kind: 'step'; readonly step: number; readonly maxSteps: number; readonly tokens: number }
  | { readonly kind: 'log'; readonly entry: Readonly<Record<string, number>> }
  | { readonly kind: 'evaluating'; readonly done: number; readonly total: number }
  | { readonly kind: 'evaluation'; readonly entry: Readonly<Record<string, number>> }
  /** The state may be saved now. */
  | { readonly kind: 'checkpoint'; readonly step: number }
  | { readonly kind: 'finished'; readonly step: number };

export interface PretrainerOptions {
  readonly settings: PretrainSettings;
  readonly passes: { readonly training: PretrainPass; readonly evaluation: PretrainPass };
  /** Changed in place. */
  readonly weights: TrainedWeights;
  /** Token ids of a text each. */
  readonly documents: readonly Int32Array[];
  /** Texts to evaluate on, perhaps none. */
  readonly evaluation: readonly Int32Array[];
  readonly signal?: { readonly aborted: boolean };
}

/** What a run that continues needs beside the weights. */
export interface PretrainerState {
  readonly step: number;
  readonly optimizer: AdamWState;
  /** Measured since the last log. */
  readonly window: { readonly lossSum: number; readonly steps: number };
  readonly tokens: number;
}

export class Pretrainer {
  readonly #options: PretrainerOptions;
  /** Matrices are decayed, norms and biases are not. */
  readonly #optimizers: readonly AdamW[];
  #step = 0;
  #window = { lossSum: 0, steps: 0 };
  #tokens = 0;

  constructor(options: PretrainerOptions) {
    this.#options = options;
    const { settings, weights } = options;
    const optimizer = (isMatrix: boolean) =>
      new AdamW(
        new Map([...weights].filter(([, { shape }]) => shape.length > 1 === isMatrix).map(([name, { values }]) => [name, values])),
        {
          beta1: settings.adam_beta1,
          beta2: settings.adam_beta2,
          epsilon: settings.adam_epsilon,
          weightDecay: isMatrix ? settings.weight_decay : 0,
        },
      );
    this.#optimizers = [optimizer(true), optimizer(false)];
  }

  /** The weights must be those of the state. What follows is bit for bit what an uninterrupted run would have done. */
  restore({ step, optimizer, window, tokens }: PretrainerState): void {
    for (const part of this.#optimizers) part.restore(optimizer);
    this.#step = step;
    this.#window = { ...window };
    this.#tokens = tokens;
  }

  /** After the last whole step. */
  state(): PretrainerState {
    const parts = this.#optimizers.map((part) => part.state());
    const optimizer: AdamWState = {
      step: this.#step,
      firstMoments: new Map(parts.flatMap(({ firstMoments }) => [...firstMoments])),
      secondMoments: new Map(parts.flatMap(({ secondMoments }) => [...secondMoments])),
    };
    return { step: this.#step, optimizer, window: { ...this.#window }, tokens: this.#tokens };
  }

  /**
   * @param evaluateFirst - the step that was restored has not been evaluated: do so if that was due
   * @throws {TrainingDivergedError} on a NaN or infinite loss or gradient; the weights are those of the step before
   * @throws {CancelledError} between steps, when the signal is aborted
   */
  async *run({ evaluateFirst = false }: { readonly evaluateFirst?: boolean } = {}): AsyncGenerator<PretrainEvent, void, undefined> {
    const { settings, documents, evaluation } = this.#options;
    const { max_steps: maxSteps } = settings;
    const isDue = (every: number) => this.#step % every === 0 || this.#step === maxSteps;
    const batches = trainingBatches(documents, this.#batchOptions());
    let epoch = 0;
    for (let skipped = 0; skipped < this.#step; skipped++) epoch = batches.next().value.epochsDone;
    if (evaluateFirst && evaluation.length > 0 && isDue(settings.eval_steps)) yield* this.#evaluate(epoch);
    while (this.#step < maxSteps) {
      this.#throwIfCancelled();
      const batch = batches.next().value;
      const { gradNorm, learningRate } = await this.#trainOn(batch);
      yield { kind: 'step', step: this.#step, maxSteps, tokens: batch.tokens };
      if (isDue(settings.logging_steps)) yield { kind: 'log', entry: this.#logEntry({ gradNorm, learningRate, epoch: batch.epochsDone }) };
      if (evaluation.length > 0 && isDue(settings.eval_steps)) yield* this.#evaluate(batch.epochsDone);
      if (isDue(settings.save_steps)) yield { kind: 'checkpoint', step: this.#step };
    }
    yield { kind: 'finished', step: this.#step };
  }

  async #trainOn(batch: DocumentBatch): Promise<{ gradNorm: number; learningRate: number }> {
    const { passes, settings, weights } = this.#options;
    const { loss, gradients } = await passes.training.run(batch, weights, settings.context_length);
    const gradNorm = clipGradNorm(gradients.values(), settings.max_grad_norm);
    const learningRate = this.#learningRate();
    assertFinite({ step: this.#step + 1, loss, gradNorm, learningRate });
    for (const optimizer of this.#optimizers) optimizer.step(gradients, learningRate);
    this.#step += 1;
    this.#tokens += batch.tokens;
    this.#window = { lossSum: this.#window.lossSum + loss, steps: this.#window.steps + 1 };
    return { gradNorm, learningRate };
  }

  #logEntry({ gradNorm, learningRate, epoch }: { gradNorm: number; learningRate: number; epoch: number }): Record<string, number> {
    const { lossSum, steps } = this.#window;
    this.#window = { lossSum: 0, steps: 0 };
    return { loss: lossSum / steps, grad_norm: gradNorm, learning_rate: learningRate, num_tokens: this.#tokens, epoch, step: this.#step };
  }

  async *#evaluate(epoch: number): AsyncGenerator<PretrainEvent, void, undefined> {
    const { evaluation, passes, weights, settings } = this.#options;
    const batches = [...evaluationBatches(evaluation, this.#batchOptions())];
    let [sum, predicted] = [0, 0];
    for (const [i, batch] of batches.entries()) {
      this.#throwIfCancelled();
      const { loss } = await passes.evaluation.run(batch, weights, settings.context_length);
      sum += loss * batch.predicted;
      predicted += batch.predicted;
      yield { kind: 'evaluating', done: i + 1, total: batches.length };
    }
    yield { kind: 'evaluation', entry: { eval_loss: sum / predicted, epoch, step: this.#step } };
  }

  #batchOptions(): BatchOptions {
    const { per_device_train_batch_size: rows, context_length: contextLength, seed } = this.#options.settings;
    return { rows, contextLength, seed };
  }

  #learningRate(): number {
    const { learning_rate: learningRate, lr_scheduler_type: type, warmup_steps: warmup, max_steps: totalSteps } = this.#options.settings;
    return learningRateAt({ type, learningRate, warmupSteps: warmupStepCount(warmup, totalSteps), totalSteps }, this.#step);
  }

  #throwIfCancelled(): void {
    if (this.#options.signal?.aborted) throw new CancelledError('Pretraining was stopped.', { step: this.#step });
  }
}
