/**
 * @file The language-model head, only where it predicts completion tokens: log-probabilities and what TRL's metrics need, summed per row.
 */
import { InternalError } from '#contract/errors.ts';
import { gradients } from '#engine/graph/gradient.ts';
import type { Node } from '#engine/graph/node.ts';
import {
  add,
  argMax,
  barrier,
  cast,
  equal,
  gather,
  linearised,
  matMul,
  mul,
  parameter,
  reduceLogSumExp,
  reduceMean,
  reduceSum,
  reshape,
  softmax,
  sub,
  sumAll,
} from '#engine/graph/operations.ts';
import { dimAt } from '#engine/graph/shape.ts';
import { finalNorm } from './layer-parts.ts';
import type { ModelConfig } from './model-config.ts';
import type { ScoredInputs } from './stream-inputs.ts';

export interface RowScores {
  /** Σ log π(token) over a row's completion, nats; `[n]` */
  readonly logps: Node;
  /** What only metrics need, or null. */
  readonly measures: {
    /** Σ over completion tokens of the mean logit over the vocabulary; `[n]` */
    readonly meanLogits: Node;
    /** Σ over completion tokens of the entropy of the prediction, nats; `[n]` */
    readonly entropies: Node;
    /** Number of completion tokens that were the most likely ones; `[n]` */
    readonly correct: Node;
  } | null;
}

export interface HeadOptions {
  /** The head's weights stay as they are, and a gradient of `logps` will be wanted. */
  readonly differentiated: boolean;
  /** Also compute what only metrics need; otherwise those are null. */
  readonly measures: boolean;
}

/**
 * Groups of positions go through the head one after the other, so that there are logits for one group at a time. A position's
 * log-probability depends on its own hidden state only, so the derivative towards it is computed at once and kept (`[M, D]`) in place of the logits
 * (`[M, V]`), and the backward pass multiplies by it.
 * @param hidden - output of the last layer that `groups` point into; `[T, D]`
 */
export function scoreRows(config: ModelConfig, hidden: Node, groups: readonly ScoredInputs[], options: HeadOptions): RowScores {
  let total: RowScores | null = null;
  let previous: readonly Node[] = [];
  for (const group of groups) {
    const selected = gather(hidden, group.sources); // [M, D]
    const h = previous.reduce(barrier, selected); // not before the group before is done
    const scores = scorePositions(config, h, group, options);
    const slope = options.differentiated ? gradients(sumAll(scores.logps), [h])[0] : null; // [M, D]
    const logps = slope ? linearised(scores.logps, h, slope) : scores.logps; // [M, 1]
    previous = [slope ?? scores.logps, ...(scores.measures ? Object.values(scores.measures) : [])];
    total = addScores(total, creditRows(group, logps, scores.measures));
  }
  if (!total) throw new InternalError('The head has no group of positions.');
  return total;
}

/** `[M, 1]` each. */
interface PositionScores {
  readonly logps: Node;
  readonly measures: Record<'meanLogits' | 'entropies' | 'correct', Node> | null;
}

function scorePositions(config: ModelConfig, h: Node, { targets }: ScoredInputs, { measures }: HeadOptions): PositionScores {
  const weight = headWeight(config);
  const normed = finalNorm(config, h); // [M, D]
  const logits = matMul(normed, weight, { transB: true }); // [M, V]
  const logSumExp = reduceLogSumExp(logits); // [M, 1]
  // The target's logit again as a dot product: its gradient then touches D numbers a position instead of V.
  const targetLogit = reduceSum(mul(normed, gather(weight, targets)), [-1], { keepDims: true }); // [M, 1]
  const logps = sub(targetLogit, logSumExp); // [M, 1]
  if (!measures) return { logps, measures: null };
  const correct = cast(equal(argMax(logits), targets), 'float32'); // [M]
  return {
    logps,
    measures: {
      meanLogits: reduceMean(logits, [-1], { keepDims: true }),
      entropies: sub(logSumExp, reduceSum(mul(softmax(logits), logits), [-1], { keepDims: true })),
      correct: reshape(correct, [dimAt(correct.shape, 0), 1]),
    },
  };
}

function creditRows({ credit }: ScoredInputs, logps: Node, measures: PositionScores['measures']): RowScores {
  const perRow = (x: Node) => reshape(matMul(credit, x), ['n']); // [n]
  return {
    logps: perRow(logps),
    measures: measures && {
      meanLogits: perRow(measures.meanLogits),
      entropies: perRow(measures.entropies),
      correct: perRow(measures.correct),
    },
  };
}

function addScores(a: RowScores | null, b: RowScores): RowScores {
  if (!a) return b;
  const measures = a.measures &&
    b.measures && {
      meanLogits: add(a.measures.meanLogits, b.measures.meanLogits),
      entropies: add(a.measures.entropies, b.measures.entropies),
      correct: add(a.measures.correct, b.measures.correct),
    };
  return { logps: add(a.logps, b.logps), measures };
}

/** Logits at every token; `[T, V]` */
export function allLogits(config: ModelConfig, hidden: Node): Node {
  return matMul(finalNorm(config, hidden), headWeight(config), { transB: true });
}

function headWeight(config: ModelConfig): Node {
  return parameter('lm_head.weight', [config.vocabSize, config.hiddenSize], { exact: true }); // logits are differences of large numbers
}
