/** @file The training loop, as the Hugging Face Trainer runs it: accumulate, clip, step, log, evaluate, and stand still anywhere for a checkpoint. */
import { CancelledError } from '#contract/errors.ts';
import { AdamW } from './adamw.ts';
import type { AdamWState } from './adamw.ts';
import { isDue, isDueOrLast, stepInterval } from './cadence.ts';
import { clipGradNorm } from './clip-grad-norm.ts';
import { assertFinite } from './divergence.ts';
import { epochOrder } from './epoch-order.ts';
import { EvalMetrics } from './eval-metrics.ts';
import { learningRateAt, warmupStepCount } from './learning-rate.ts';
import { MetricsWindow } from './metrics-window.ts';
import type { MetricsWindowState } from './metrics-window.ts';
import type { Method, ReferenceLogProbs } from './method.ts';
import { accumulate } from './micro-batch.ts';
import type { TrainingSettings } from './settings.ts';
import { planSteps } from './step-plan.ts';
import type { StepPlan } from './step-plan.ts';
import { blocksOfRun, epochAfter, trainingSteps } from './steps.ts';
import type { TrainingStep } from './steps.ts';

/** What happens, in order. Nothing is computed unless the next event is asked for, so a consumer that waits pauses the run. */
export type TrainingEvent =
  | { readonly kind: 'reference'; readonly rowsDone: number; readonly rowsTotal: number }
  /** They have been computed and may be kept for another run on the same rows. */
  | { readonly kind: 'references'; readonly references: ReferenceLogProbs }
  | {
      readonly kind: 'micro-batch';
      readonly step: number;
      readonly maxSteps: number;
      readonly done: number;
      readonly total: number;
      readonly tokens: number;
    }
  | { readonly kind: 'log'; readonly entry: Readonly<Record<string, number>> }
  | { readonly kind: 'evaluating'; readonly step: number; readonly done: number; readonly total: number }
  | { readonly kind: 'evaluation'; readonly entry: Readonly<Record<string, number>> }
  /** The state may be saved now. */
  | { readonly kind: 'checkpoint'; readonly step: number }
  | { readonly kind: 'finished'; readonly step: number; readonly trainLoss: number };

/** Everything that decides how the run goes on. */
export interface TrainerState {
  /** Optimizer steps done. */
  readonly step: number;
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly optimizer: AdamWState;
  readonly metrics: MetricsWindowState;
}

export interface TrainerOptions {
  readonly method: Method;
  readonly settings: TrainingSettings;
  /** LoRA's A and B by parameter name; changed in place. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly signal?: { readonly aborted: boolean } | undefined;
}

export class Trainer {
  readonly #options: TrainerOptions;
  readonly #optimizer: AdamW;
  readonly #metrics = new MetricsWindow();
  #references: ReferenceLogProbs | null = null;
  #stepsDone = 0;
  /** Metrics as they were after the last whole step: a step that was interrupted leaves no trace. */
  #metricsAtStep: MetricsWindowState;
  readonly plan: StepPlan;

  constructor(options: TrainerOptions) {
    const { method, settings, parameters } = options;
    this.#options = options;
    this.#optimizer = new AdamW(parameters, {
      beta1: settings.adam_beta1,
      beta2: settings.adam_beta2,
      epsilon: settings.adam_epsilon,
      weightDecay: settings.weight_decay,
    });
    this.#metricsAtStep = this.#metrics.state();
    this.plan = planSteps({
      microBatchesPerEpoch: method.blockCount,
      gradientAccumulationSteps: settings.gradient_accumulation_steps,
      numTrainEpochs: settings.num_train_epochs,
      maxSteps: settings.max_steps,
    });
  }

  /** Continues from a saved state: the steps that follow are those of a run that was never interrupted, bit for bit. */
  restore(state: TrainerState): void {
    for (const [name, values] of this.#options.parameters) values.set(state.parameters.get(name) as Float32Array);
    this.#optimizer.restore(state.optimizer);
    this.#metrics.restore(state.metrics);
    this.#metricsAtStep = state.metrics;
    this.#stepsDone = state.step;
  }

  /** Reference log-probabilities known from elsewhere, instead of computing them. */
  useReferences(references: ReferenceLogProbs): void {
    this.#references = references;
  }

  /** State after the last whole step. Arrays are copies. */
  state(): TrainerState {
    const parameters = new Map([...this.#options.parameters].map(([name, values]) => [name, values.slice()]));
    return { step: this.#stepsDone, parameters, optimizer: this.#optimizer.state(), metrics: this.#metricsAtStep };
  }

  /**
   * @param evaluateFirst - the step that was restored has not been evaluated: do so if that was due, before going on
   * @throws {TrainingDivergedError} on a NaN or infinite loss or gradient; parameters are those of the step before
   * @throws {CancelledError} between micro-batches, when the signal is aborted
   */
  async *run({ evaluateFirst = false }: { readonly evaluateFirst?: boolean } = {}): AsyncGenerator<TrainingEvent, void, undefined> {
    const { method, settings } = this.#options;
    const { plan } = this;
    const orderOf = (epoch: number) =>
      epochOrder({ blockCount: method.blockCount, epoch, seed: settings.seed, shuffle: settings.shuffle, keepLast: method.keepLast });
    yield* this.#prepareReferences(blocksOfRun(plan, orderOf));
    const [logging, evaluating, saving] = [settings.logging_steps, settings.eval_steps, settings.save_steps].map((steps) =>
      stepInterval(steps, plan),
    ) as [number, number, number];
    const mustEvaluate = (step: number) => method.evaluationBatchCount > 0 && isDueOrLast(step, evaluating, plan);
    if (evaluateFirst && this.#stepsDone > 0 && mustEvaluate(this.#stepsDone)) yield* this.#evaluate(this.#stepsDone);
    for (const step of trainingSteps({ plan, orderOf, stepsDone: this.#stepsDone })) {
      const { gradNorm, learningRate } = yield* this.#step(step);
      if (isDue(step.step, logging)) {
        const entry = this.#metrics.flush({ gradNorm, learningRate, epoch: step.epoch, step: step.step });
        this.#metricsAtStep = this.#metrics.state();
        yield { kind: 'log', entry };
      }
      if (mustEvaluate(step.step)) yield* this.#evaluate(step.step);
      if (isDueOrLast(step.step, saving, plan)) yield { kind: 'checkpoint', step: step.step };
    }
    yield { kind: 'finished', step: this.#stepsDone, trainLoss: this.#metrics.trainLoss };
  }

  async *#prepareReferences(blocks: readonly number[]): AsyncGenerator<TrainingEvent, void, undefined> {
    const { method } = this.#options;
    if (!this.#references) {
      const progress = new Progress();
      const work = method.computeReferences(blocks, (done, total) => progress.report(done, total)).finally(() => progress.close());
      work.catch(() => undefined); // reported below
      for await (const { done, total } of progress) yield { kind: 'reference', rowsDone: done, rowsTotal: total };
      this.#references = await work;
      yield { kind: 'references', references: this.#references };
    }
    method.useReferences(this.#references);
  }

  async *#step({ step, microBatches }: TrainingStep): AsyncGenerator<TrainingEvent, { gradNorm: number; learningRate: number }, undefined> {
    const { method, settings, parameters } = this.#options;
    const gradients = new Map([...parameters].map(([name, values]) => [name, new Float32Array(values.length)]));
    let stepLoss = 0;
    for (const [index, block] of microBatches.entries()) {
      this.#throwIfCancelled();
      const result = await method.differentiate(block, parameters);
      accumulate(gradients, result.gradients, 1 / microBatches.length);
      stepLoss += result.loss / microBatches.length;
      this.#metrics.addMicroBatch({ ...result, microBatches: microBatches.length });
      yield { kind: 'micro-batch', step, maxSteps: this.plan.maxSteps, done: index + 1, total: microBatches.length, tokens: result.tokens };
    }
    const gradNorm = clipGradNorm(gradients.values(), settings.max_grad_norm);
    const learningRate = this.#learningRate(step);
    assertFinite({ step, loss: stepLoss, gradNorm, learningRate });
    this.#optimizer.step(gradients, learningRate);
    this.#metrics.endStep();
    this.#stepsDone = step;
    this.#metricsAtStep = this.#metrics.state();
    return { gradNorm, learningRate };
  }

  #learningRate(step: number): number {
    const { learning_rate: learningRate, lr_scheduler_type: type, warmup_steps: warmup } = this.#options.settings;
    const totalSteps = this.plan.maxSteps;
    return learningRateAt({ type, learningRate, warmupSteps: warmupStepCount(warmup, totalSteps), totalSteps }, step - 1);
  }

  async *#evaluate(step: number): AsyncGenerator<TrainingEvent, void, undefined> {
    const { method, parameters } = this.#options;
    const metrics = new EvalMetrics();
    const total = method.evaluationBatchCount;
    for (let batch = 0; batch < total; batch++) {
      this.#throwIfCancelled();
      metrics.addBatch(await method.evaluate(batch, parameters));
      yield { kind: 'evaluating', step, done: batch + 1, total };
    }
    const epoch = epochAfter(this.plan, step);
    yield { kind: 'evaluation', entry: metrics.result({ numTokens: this.#metrics.numTokens, epoch, step }) };
  }

  #throwIfCancelled(): void {
    if (this.#options.signal?.aborted) throw new CancelledError('Training was stopped.', { step: this.#stepsDone });
  }
}

/** Turns progress callbacks into an async sequence; only the newest report is kept. */
class Progress {
  #latest: { done: number; total: number } | null = null;
  #closed = false;
  #wake: () => void = () => undefined;

  report(done: number, total: number): void {
    this.#latest = { done, total };
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<{ done: number; total: number }, void, undefined> {
    while (this.#latest !== null || !this.#closed) {
      if (this.#latest) {
        const report = this.#latest;
        this.#latest = null;
        yield report;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }
}
