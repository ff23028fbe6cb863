/**
 * @file The language-model head, only where it predicts completion tokens: log-probabilities and what TRL's metrics need, summed per row.
 */
import type { Node } from '#engine/graph/node.ts';
import {
  argMax,
  cast,
  equal,
  gather,
  matMul,
  mul,
  parameter,
  reduceLogSumExp,
  reduceMean,
  reduceSum,
  reshape,
  softmax,
  sub,
} from '#engine/graph/operations.ts';
import { dimAt } from '#engine/graph/shape.ts';
import { finalNorm } from './decoder.ts';
import type { ModelConfig } from './model-config.ts';
import type { StreamInputs } from './stream-inputs.ts';

export interface RowScores {
  /** Σ log π(token) over a row's completion, nats; `[n]` */
  readonly logps: Node;
  /** Σ over completion tokens of the mean logit over the vocabulary; `[n]` */
  readonly meanLogits: Node;
  /** Σ over completion tokens of the entropy of the prediction, nats; `[n]` */
  readonly entropies: Node;
  /** Number of completion tokens that were the most likely ones; `[n]` */
  readonly correct: Node;
}

/** @param hidden - residual stream that `inputs.sources` points into; `[T, D]` */
export function scoreRows(config: ModelConfig, hidden: Node, inputs: StreamInputs): RowScores {
  const weight = headWeight(config);
  const h = finalNorm(config, gather(hidden, inputs.sources)); // [M, D]
  const logits = matMul(h, weight, { transB: true }); // [M, V]
  const logSumExp = reduceLogSumExp(logits); // [M, 1]
  // The target's logit again as a dot product: its gradient then touches D numbers a position instead of V.
  const targetLogit = reduceSum(mul(h, gather(weight, inputs.targets)), [-1], { keepDims: true }); // [M, 1]
  const entropy = sub(logSumExp, reduceSum(mul(softmax(logits), logits), [-1], { keepDims: true })); // [M, 1]
  const correct = cast(equal(argMax(logits), inputs.targets), 'float32'); // [M]
  const perRow = (x: Node) => reshape(matMul(inputs.credit, reshape(x, [dimAt(x.shape, 0), 1])), ['n']); // [n]
  return {
    logps: perRow(sub(targetLogit, logSumExp)),
    meanLogits: perRow(reduceMean(logits, [-1])),
    entropies: perRow(entropy),
    correct: perRow(correct),
  };
}

/** Logits at every token, for comparing with other implementations; `[T, V]` */
export function allLogits(config: ModelConfig, hidden: Node): Node {
  return matMul(finalNorm(config, hidden), headWeight(config), { transB: true });
}

function headWeight(config: ModelConfig): Node {
  return parameter('lm_head.weight', [config.vocabSize, config.hiddenSize]);
}
