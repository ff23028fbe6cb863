/** @file Metrics against the logs of TRL (test/golden/trl), from per-row sums measured apart (test/golden/generators/train_metrics.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dpoMetrics } from '#engine/train/dpo-metrics.ts';
import { EvalMetrics } from '#engine/train/eval-metrics.ts';
import { ktoMetrics } from '#engine/train/kto-metrics.ts';
import { MetricsWindow } from '#engine/train/metrics-window.ts';
import type { RowMeasures } from '#engine/train/row-measures.ts';

interface Row {
  policy: number;
  reference: number;
  sum_mean_logits: number;
  sum_entropy: number;
  completion_tokens: number;
  correct_tokens: number;
  attended_tokens: number;
}
interface Batch {
  loss: number;
  kl: number;
  labels: boolean[];
  rows?: Row[];
  chosen?: Row[];
  rejected?: Row[];
}
interface Run {
  name: string;
  beta: number;
  windows: { mode: 'train' | 'eval'; batches: Batch[]; log: Record<string, number>; tokens_before: number }[];
}

interface Trace {
  config: { beta: number };
  microbatches: {
    mode: string;
    loss: number;
    kl: number;
    label: boolean[];
    input_ids: number[][];
    policy_logps: number[];
    ref_logps: number[];
  }[];
  log_history: Record<string, number>[];
}

const golden = JSON.parse(readFileSync(new URL('../../golden/train/metrics.json', import.meta.url), 'utf8')) as Run[];
const windows = golden.flatMap((run) => run.windows.map((window) => ({ ...window, name: run.name, beta: run.beta })));

/** The rows were measured one by one in float32, TRL ran them padded in batches. */
const MODEL_NOISE = 2e-5;
const notFromRows = /grad_norm|learning_rate|runtime|per_second|^epoch$|^step$/;

describe('the log entry of a window', () => {
  it.each(windows.filter((window) => window.mode === 'train'))('has the keys and values of TRL in training: $name', (window) => {
    const collected = new MetricsWindow();
    for (const batch of window.batches) {
      collected.addMicroBatch({
        loss: batch.loss,
        microBatches: window.batches.length,
        tokens: tokensOf(batch),
        metrics: metricsOf(batch, window.beta),
      });
    }
    collected.endStep();
    const { grad_norm: gradNorm = 0, learning_rate: learningRate = 0, epoch = 0, step = 0 } = window.log;
    const entry = collected.flush({ gradNorm, learningRate, epoch, step });
    expect(Object.keys(entry).sort()).toEqual(Object.keys(window.log).sort());
    expect(keysThatDiffer(entry, Object.entries(window.log))).toEqual([]);
  });

  it.each(windows.filter((window) => window.mode === 'eval'))('has the keys and values of TRL in evaluation: $name', (window) => {
    const collected = new EvalMetrics();
    for (const batch of window.batches) {
      const rowCount = (batch.rows ?? batch.chosen ?? []).length;
      collected.addBatch({ loss: batch.loss, rowCount, metrics: metricsOf(batch, window.beta) });
    }
    const entry = collected.result({ numTokens: window.tokens_before, epoch: 2, step: 4 });
    const expected = Object.entries(window.log).filter(([key]) => !notFromRows.test(key));
    expect(
      Object.keys(entry)
        .filter((key) => !notFromRows.test(key))
        .sort(),
    ).toEqual(expected.map(([key]) => key).sort());
    expect(keysThatDiffer(entry, expected)).toEqual([]);
  });
});

describe('the log entries of a whole KTO run', () => {
  it.each(['kto_default', 'kto_weighted', 'kto_apo_zero_unpaired'])(
    'have the rewards, log-probabilities, kl, loss and tokens of TRL: %s',
    (name) => {
      const trace = JSON.parse(readFileSync(new URL(`../../golden/trl/${name}/trace.json`, import.meta.url), 'utf8')) as Trace;
      const batches = trace.microbatches.filter((batch) => batch.mode === 'train');
      const window = new MetricsWindow();
      // Ten rows, batches of 4, accumulation 2: each epoch has steps of two and of one micro-batch.
      [2, 1, 2, 1].forEach((microBatches, index) => {
        for (const batch of batches.splice(0, microBatches)) {
          const tokens = batch.input_ids.flat().filter((id) => id !== 0).length;
          window.addMicroBatch({ loss: batch.loss, microBatches, tokens, metrics: fromTrace(batch, trace.config.beta) });
        }
        window.endStep();
        const entry = window.flush({ gradNorm: 0, learningRate: 0, epoch: 0, step: index + 1 });
        const expected = Object.entries(trace.log_history[index] ?? {}).filter(([key]) => /^(loss|kl|num_tokens|rewards|logps)/.test(key));
        expect(expected).toHaveLength(8);
        expect(keysThatDiffer(entry, expected)).toEqual([]);
      });
    },
  );
});

describe('ktoMetrics', () => {
  const rows: RowMeasures = {
    policyLogProbs: [-10, -20, -30],
    referenceLogProbs: [-11, -18, -30],
    completionTokens: [2, 4, 0],
    sumMeanLogits: [1, 6, 0],
    sumEntropy: [3, 3, 0],
  };

  it('weights logits and entropy by token and rewards by row', () => {
    const metrics = ktoMetrics({ labels: [true, true, false], rows, klEstimate: 0.5, beta: 0.5 });
    expect(metrics).toEqual({
      kl: 0.5,
      entropy: 1,
      'logits/chosen': 7 / 6,
      'rewards/chosen': (0.5 - 1) / 2,
      'logps/chosen': -15,
      'rewards/rejected': 0,
      'logps/rejected': -30,
      'rewards/margins': -0.25,
    });
  });

  it('has no keys of an absent label and no margins', () => {
    const keys = Object.keys(ktoMetrics({ labels: [false, false, false], rows, klEstimate: 0, beta: 0.1 }));
    expect(keys.sort()).toEqual(['entropy', 'kl', 'logits/rejected', 'logps/rejected', 'rewards/rejected']);
  });

  it('leaves a NaN row out of the sum but keeps it in the count', () => {
    const broken = { ...rows, policyLogProbs: [-10, Number.NaN, -30] };
    expect(ktoMetrics({ labels: [true, true, true], rows: broken, klEstimate: 0, beta: 1 })['rewards/chosen']).toBeCloseTo(1 / 3, 6);
  });

  it('reports an entropy of 0 when no completion token was scored', () => {
    const empty = { ...rows, completionTokens: [0, 0, 0], sumEntropy: [0, 0, 0], sumMeanLogits: [0, 0, 0] };
    const metrics = ktoMetrics({ labels: [true, true, false], rows: empty, klEstimate: 0, beta: 1 });
    expect(metrics['entropy']).toBe(0);
    expect(metrics).not.toHaveProperty('logits/chosen');
  });
});

describe('dpoMetrics', () => {
  it('does not count a tie as accurate, also one that only float32 sees', () => {
    const measures = { completionTokens: [1, 1], sumMeanLogits: [0, 0], sumEntropy: [0, 0], correctTokens: [1, 0] };
    const tie = 1e8 + 1;
    const chosen = { ...measures, policyLogProbs: [tie, 2], referenceLogProbs: [0, 0] };
    const rejected = { ...measures, policyLogProbs: [1e8, 1], referenceLogProbs: [0, 0] };
    expect(dpoMetrics({ chosen, rejected, beta: 1 })).toMatchObject({ 'rewards/accuracies': 0.5, mean_token_accuracy: 0.5 });
  });
});

describe('MetricsWindow', () => {
  const values = { gradNorm: 1, learningRate: 1, epoch: 1, step: 1 };
  const metrics = (entries: Record<string, number>) => ({ loss: 1, microBatches: 1, tokens: 10, metrics: entries });

  it('averages each key over the micro-batches that had it', () => {
    const window = new MetricsWindow();
    window.addMicroBatch(metrics({ kl: 1, 'rewards/chosen': 4 }));
    window.addMicroBatch(metrics({ kl: 3 }));
    window.endStep();
    expect(window.flush(values)).toMatchObject({ kl: 2, 'rewards/chosen': 4, num_tokens: 20 });
  });

  it('starts empty after a log, but goes on counting tokens and the loss of the whole run', () => {
    const window = new MetricsWindow();
    window.addMicroBatch(metrics({ kl: 1 }));
    window.endStep();
    window.flush(values);
    window.addMicroBatch({ ...metrics({ entropy: 5 }), loss: 3 });
    window.endStep();
    const entry = window.flush(values);
    expect(entry).toMatchObject({ loss: 3, entropy: 5, num_tokens: 20 });
    expect(entry).not.toHaveProperty('kl');
    expect(window.trainLoss).toBe(2);
  });

  it('goes on exactly from a stored state, also in the middle of a step', () => {
    const feed = (window: MetricsWindow, from: number, to: number): void => {
      for (let i = from; i < to; i++) {
        window.addMicroBatch({
          loss: 0.1 * i,
          microBatches: 2,
          tokens: i,
          metrics: i % 3 === 0 ? { kl: 0.3 * i } : { kl: 0.7 * i, entropy: i },
        });
        if (i % 2 === 1) window.endStep();
      }
    };
    const whole = new MetricsWindow();
    feed(whole, 0, 8);
    const first = new MetricsWindow();
    feed(first, 0, 5);
    const second = new MetricsWindow();
    second.restore(JSON.parse(JSON.stringify(first.state())));
    feed(second, 5, 8);
    expect(second.state()).toEqual(whole.state());
    expect(second.trainLoss).toBe(whole.trainLoss);
    expect(second.flush(values)).toEqual(whole.flush(values));
  });
});

describe('EvalMetrics', () => {
  it('weights eval_loss by example and other metrics by batch', () => {
    const collected = new EvalMetrics();
    collected.addBatch({ loss: 1, rowCount: 8, metrics: { kl: 1 } });
    collected.addBatch({ loss: 2, rowCount: 2, metrics: { kl: 2 } });
    expect(collected.result({ numTokens: 7, epoch: 1, step: 3 })).toEqual({
      eval_loss: 1.2,
      eval_kl: 1.5,
      eval_num_tokens: 7,
      epoch: 1,
      step: 3,
    });
  });

  it('has nothing to log without rows', () => {
    expect(new EvalMetrics().result({ numTokens: 0, epoch: 0, step: 0 })).toEqual({});
  });
});

function keysThatDiffer(entry: Record<string, number>, expected: readonly (readonly [string, number])[]): string[] {
  return expected.filter(([key, value]) => !(Math.abs((entry[key] ?? Number.NaN) - value) < MODEL_NOISE)).map(([key]) => key);
}

function fromTrace(batch: Trace['microbatches'][number], beta: number): Record<string, number> {
  const unknown = batch.label.map(() => 0);
  const rows = {
    policyLogProbs: batch.policy_logps,
    referenceLogProbs: batch.ref_logps,
    completionTokens: unknown,
    sumMeanLogits: unknown,
    sumEntropy: unknown,
  };
  return ktoMetrics({ labels: batch.label, rows, klEstimate: batch.kl, beta });
}

function metricsOf(batch: Batch, beta: number): Record<string, number> {
  if (batch.rows) return ktoMetrics({ labels: batch.labels, rows: measuresOf(batch.rows), klEstimate: batch.kl, beta });
  return dpoMetrics({ chosen: measuresOf(batch.chosen ?? []), rejected: measuresOf(batch.rejected ?? []), beta });
}

function tokensOf(batch: Batch): number {
  return [...(batch.rows ?? []), ...(batch.chosen ?? []), ...(batch.rejected ?? [])].reduce((sum, row) => sum + row.attended_tokens, 0);
}

function measuresOf(rows: Row[]): RowMeasures & { correctTokens: number[] } {
  return {
    policyLogProbs: rows.map((row) => row.policy),
    referenceLogProbs: rows.map((row) => row.reference),
    completionTokens: rows.map((row) => row.completion_tokens),
    sumMeanLogits: rows.map((row) => row.sum_mean_logits),
    sumEntropy: rows.map((row) => row.sum_entropy),
    correctTokens: rows.map((row) => row.correct_tokens),
  };
}
