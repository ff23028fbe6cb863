/** @file The KTO loss (arXiv:2402.01306, eq. 7-8) as TRL 1.13 computes it. */
import type { Node } from '#engine/graph/node.ts';
import { meanAll, mul, relu, scalar, scale, sigmoid, stopGradient, sub } from '#engine/graph/operations.ts';

export interface KtoInputs {
  /** Summed completion log-probabilities under the policy, nats; `[B]` */
  readonly policy: Node;
  /** The same under the reference model; `[B]` */
  readonly reference: Node;
  /** +1 for a desirable row, −1 for an undesirable one; `[B]` */
  readonly sign: Node;
  /** desirable_weight or undesirable_weight of each row; `[B]` */
  readonly weight: Node;
  /** KL estimate z0 of the micro-batch, nats, ≥ 0, not differentiated; `[]` */
  readonly klEstimate: Node;
}

/**
 * Loss per row: λ_D · (1 − σ(β(Δ − z0))) for desirable rows, λ_U · (1 − σ(β(z0 − Δ))) for undesirable ones; Δ = log π/π_ref.
 * @returns `[B]`
 */
export function ktoLoss({ policy, reference, sign, weight, klEstimate: z0 }: KtoInputs, beta: number): Node {
  const logRatio = sub(policy, reference); // [B]
  const utility = scale(mul(sign, sub(logRatio, stopGradient(z0))), beta); // [B]
  return mul(weight, sub(scalar(1), sigmoid(utility))); // [B]
}

/**
 * z0 = max(0, mean of log π(y'|x) − log π_ref(y'|x)) over the mismatched completions of a micro-batch, nats.
 * @param policy `[B]`
 * @param reference `[B]`
 * @returns `[]`
 */
export function klEstimate(policy: Node, reference: Node): Node {
  return relu(meanAll(sub(policy, reference)));
}
