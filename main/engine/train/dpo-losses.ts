/** @file The fifteen DPO losses of TRL 1.13 (`loss_type`), per pair, on the log-ratios Δ = log π − log π_ref of both answers. */
import type { Node } from '#engine/graph/node.ts';
import { add, div, exp, gather, logSigmoid, mul, neg, relu, scalar, scale, sigmoid, sub } from '#engine/graph/operations.ts';

export const DPO_LOSS_TYPES = [
  'sigmoid',
  'hinge',
  'ipo',
  'exo_pair',
  'nca_pair',
  'robust',
  'bco_pair',
  'sppo_hard',
  'aot',
  'aot_unpaired',
  'apo_zero',
  'apo_down',
  'discopop',
  'sft',
  'sigmoid_norm',
] as const;
export type DpoLossType = (typeof DPO_LOSS_TYPES)[number];

/** All of shape `[B]`, one element per pair; log-probabilities are sums over completion tokens, in nats. */
export interface DpoInputs {
  readonly chosen: Node;
  readonly rejected: Node;
  readonly referenceChosen: Node;
  readonly referenceRejected: Node;
  /** Completion tokens, ≥ 1. */
  readonly chosenTokens: Node;
  readonly rejectedTokens: Node;
  /** Pairs of the micro-batch / chosen tokens of the micro-batch, in every element; for `sft`. */
  readonly pairsPerChosenToken: Node;
  /** Ascending order of the two quantities that `aot` or `aot_unpaired` sorts over the whole micro-batch; int32. */
  readonly firstOrder: Node;
  readonly secondOrder: Node;
}

export interface DpoLossSettings {
  readonly beta: number;
  readonly labelSmoothing: number;
  readonly discopopTau: number;
}

/** These two sort over the micro-batch, so that a pair's loss depends on the other pairs; all others treat each pair alone. */
export const SORTING_LOSSES: ReadonlySet<DpoLossType> = new Set(['aot', 'aot_unpaired']);

type Loss = (inputs: DpoInputs, settings: DpoLossSettings) => Node;

const one = scalar(1);
const chosenRatio = ({ chosen, referenceChosen }: DpoInputs) => sub(chosen, referenceChosen); // Δ_c
const rejectedRatio = ({ rejected, referenceRejected }: DpoInputs) => sub(rejected, referenceRejected); // Δ_r
const delta = (inputs: DpoInputs) => sub(chosenRatio(inputs), rejectedRatio(inputs)); // d = Δ_c − Δ_r
const perTokenDelta = (inputs: DpoInputs) =>
  sub(div(chosenRatio(inputs), inputs.chosenTokens), div(rejectedRatio(inputs), inputs.rejectedTokens));
const square = (x: Node) => mul(x, x);

/** −(1−ε)·log σ(x) − ε·log σ(−x) */
const smoothed = (x: Node, epsilon: number) => sub(scale(logSigmoid(x), epsilon - 1), scale(logSigmoid(neg(x)), epsilon));

const losses: { readonly [Type in DpoLossType]: Loss } = {
  sigmoid: (inputs, { beta }) => neg(logSigmoid(scale(delta(inputs), beta))),
  hinge: (inputs, { beta }) => relu(sub(one, scale(delta(inputs), beta))),
  ipo: (inputs, { beta }) => square(sub(perTokenDelta(inputs), scalar(1 / (2 * beta)))),
  exo_pair: (inputs, { beta, labelSmoothing: epsilon }) => {
    const x = scale(delta(inputs), beta);
    const wins = mul(sigmoid(x), sub(logSigmoid(x), scalar(Math.log1p(-epsilon))));
    return add(wins, mul(sigmoid(neg(x)), sub(logSigmoid(neg(x)), scalar(Math.log(epsilon)))));
  },
  nca_pair: (inputs, { beta }) => {
    const [c, r] = [scale(chosenRatio(inputs), beta), scale(rejectedRatio(inputs), beta)];
    return sub(neg(logSigmoid(c)), scale(add(logSigmoid(neg(c)), logSigmoid(neg(r))), 0.5));
  },
  robust: (inputs, { beta, labelSmoothing: epsilon }) => {
    const x = scale(delta(inputs), beta);
    return scale(add(scale(logSigmoid(x), epsilon - 1), scale(logSigmoid(neg(x)), epsilon)), 1 / (1 - 2 * epsilon));
  },
  bco_pair: (inputs, { beta }) => neg(add(logSigmoid(scale(chosenRatio(inputs), beta)), logSigmoid(scale(rejectedRatio(inputs), -beta)))),
  sppo_hard: (inputs, { beta }) =>
    add(square(sub(chosenRatio(inputs), scalar(0.5 / beta))), square(add(rejectedRatio(inputs), scalar(0.5 / beta)))),
  aot: (inputs, { beta, labelSmoothing }) => {
    const policy = gather(sub(inputs.chosen, inputs.rejected), inputs.firstOrder);
    const reference = gather(sub(inputs.referenceChosen, inputs.referenceRejected), inputs.secondOrder);
    return smoothed(scale(sub(policy, reference), beta), labelSmoothing);
  },
  aot_unpaired: (inputs, { beta, labelSmoothing }) => {
    const [c, r] = [gather(chosenRatio(inputs), inputs.firstOrder), gather(rejectedRatio(inputs), inputs.secondOrder)];
    return smoothed(scale(sub(c, r), beta), labelSmoothing);
  },
  apo_zero: (inputs, { beta }) => add(sub(one, sigmoid(scale(chosenRatio(inputs), beta))), sigmoid(scale(rejectedRatio(inputs), beta))),
  apo_down: (inputs, { beta }) => add(sigmoid(scale(chosenRatio(inputs), beta)), sub(one, sigmoid(scale(delta(inputs), beta)))),
  discopop: (inputs, { beta, discopopTau }) => {
    const x = scale(delta(inputs), beta);
    const mix = sigmoid(scale(x, 1 / discopopTau));
    return add(mul(neg(logSigmoid(x)), sub(one, mix)), mul(exp(neg(x)), mix));
  },
  // Cross-entropy averaged over the chosen tokens of the micro-batch, written as a mean over pairs.
  sft: ({ chosen, pairsPerChosenToken }) => neg(mul(chosen, pairsPerChosenToken)),
  sigmoid_norm: (inputs, { beta }) => neg(logSigmoid(scale(perTokenDelta(inputs), beta))),
};

/**
 * Loss per pair; the loss of a micro-batch is its mean.
 * @returns `[B]`
 * @see trl/trainer/dpo_trainer.py `_compute_loss`
 */
export function dpoLoss(type: DpoLossType, inputs: DpoInputs, settings: DpoLossSettings): Node {
  return losses[type](inputs, settings);
}
