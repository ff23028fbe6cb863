/** @file Losses on a handful of row log-probabilities, with their derivatives, computed by the reference interpreter in double precision. */
import { gradients } from '#engine/graph/gradient.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';
import { input, meanAll } from '#engine/graph/operations.ts';
import { evaluate } from '#engine/graph/reference.ts';
import type { Value } from '#engine/graph/reference-rules.ts';
import { dpoLoss, SORTING_LOSSES } from './dpo-losses.ts';
import type { DpoInputs, DpoLossSettings, DpoLossType } from './dpo-losses.ts';
import { klEstimate, ktoLoss } from './kto-loss.ts';

type Vector = ArrayLike<number>;

export interface KtoRows {
  readonly policy: Vector;
  readonly reference: Vector;
  /** Log-probabilities of the mismatched completions, or null where z0 is 0 by definition (apo_zero_unpaired). */
  readonly partners: { readonly policy: Vector; readonly reference: Vector } | null;
  readonly labels: readonly boolean[];
}

export interface KtoWeights {
  readonly beta: number;
  readonly desirableWeight: number;
  readonly undesirableWeight: number;
}

/** @returns the mean loss, z0, and the derivative of the mean loss by each policy log-probability */
export function ktoRowLosses(
  rows: KtoRows,
  { beta, desirableWeight, undesirableWeight }: KtoWeights,
): { loss: number; klEstimate: number; seeds: Float64Array } {
  const n = rows.labels.length;
  const [policy, reference, sign, weight, z0] = [
    vector('policy', n),
    vector('reference', n),
    vector('sign', n),
    vector('weight', n),
    input('z0', []),
  ];
  const estimate = rows.partners ? estimateKl(rows.partners) : 0;
  const loss = meanAll(ktoLoss({ policy, reference, sign, weight, klEstimate: z0 }, beta));
  const values = run(
    { loss, seeds: derivative(loss, policy) },
    {
      policy: rows.policy,
      reference: rows.reference,
      sign: rows.labels.map((desirable) => (desirable ? 1 : -1)),
      weight: rows.labels.map((desirable) => (desirable ? desirableWeight : undesirableWeight)),
      z0: estimate,
    },
  );
  return { loss: values.loss[0] as number, klEstimate: estimate, seeds: values.seeds };
}

/** z0 of a micro-batch, nats. */
export function estimateKl(partners: { readonly policy: Vector; readonly reference: Vector }): number {
  const n = partners.policy.length;
  const estimate = klEstimate(vector('policy', n), vector('reference', n));
  return run({ estimate }, partners).estimate[0] as number;
}

/** A value per pair in each. */
export interface DpoRows {
  readonly chosen: Vector;
  readonly rejected: Vector;
  readonly referenceChosen: Vector;
  readonly referenceRejected: Vector;
  readonly chosenTokens: Vector;
  readonly rejectedTokens: Vector;
}

/** @returns the mean loss and its derivatives by the chosen and rejected policy log-probabilities */
export function dpoRowLosses(
  rows: DpoRows,
  type: DpoLossType,
  settings: DpoLossSettings,
): { loss: number; chosenSeeds: Float64Array; rejectedSeeds: Float64Array } {
  const n = rows.chosen.length;
  const order = (name: string) => input(name, [n], 'int32');
  const inputs: DpoInputs = {
    chosen: vector('chosen', n),
    rejected: vector('rejected', n),
    referenceChosen: vector('referenceChosen', n),
    referenceRejected: vector('referenceRejected', n),
    chosenTokens: vector('chosenTokens', n),
    rejectedTokens: vector('rejectedTokens', n),
    pairsPerChosenToken: vector('pairsPerChosenToken', n),
    firstOrder: order('firstOrder'),
    secondOrder: order('secondOrder'),
  };
  const loss = meanAll(dpoLoss(type, inputs, settings));
  const outputs = { loss, chosenSeeds: derivative(loss, inputs.chosen), rejectedSeeds: derivative(loss, inputs.rejected) };
  const values = run(outputs, { ...rows, ...sortingOrders(type, rows), pairsPerChosenToken: pairsPerChosenToken(rows.chosenTokens) });
  return { loss: values.loss[0] as number, chosenSeeds: values.chosenSeeds, rejectedSeeds: values.rejectedSeeds };
}

/** Pairs / chosen tokens, once per pair; 0 tokens (an answer that cannot be scored) count as one. */
export function pairsPerChosenToken(chosenTokens: Vector): number[] {
  const tokens = Array.from(chosenTokens).reduce((sum, count) => sum + count, 0);
  return Array.from(chosenTokens, () => chosenTokens.length / Math.max(1, tokens));
}

/** The ascending orders that `aot` and `aot_unpaired` compare element by element; the pairs' own order for the other losses. */
function sortingOrders(type: DpoLossType, rows: DpoRows): { firstOrder: number[]; secondOrder: number[] } {
  const identity = Array.from(rows.chosen, (_, i) => i);
  if (!SORTING_LOSSES.has(type)) return { firstOrder: identity, secondOrder: identity };
  const ascending = (a: Vector, b: Vector) =>
    identity.toSorted((i, j) => (a[i] as number) - (b[i] as number) - ((a[j] as number) - (b[j] as number)));
  return type === 'aot'
    ? { firstOrder: ascending(rows.chosen, rows.rejected), secondOrder: ascending(rows.referenceChosen, rows.referenceRejected) }
    : { firstOrder: ascending(rows.chosen, rows.referenceChosen), secondOrder: ascending(rows.rejected, rows.referenceRejected) };
}

const vector = (name: string, n: number): Node => input(name, [n]);

function derivative(loss: Node, wrt: Node): Node {
  const [result] = gradients(loss, [wrt]);
  // A loss may ignore one of its inputs (sft does not look at the rejected answer).
  return result ?? input('zeros', wrt.shape);
}

function run<Name extends string>(
  outputs: Record<Name, Node>,
  feeds: Readonly<Record<string, Vector | number>>,
): Record<Name, Float64Array> {
  const values: Record<string, Value> = {};
  for (const [name, feed] of Object.entries(feeds)) {
    values[name] =
      typeof feed === 'number' ? { dims: [], data: Float64Array.of(feed) } : { dims: [feed.length], data: Float64Array.from(feed) };
  }
  const size = Object.values(feeds).find((feed) => typeof feed !== 'number')?.length ?? 0;
  values['zeros'] = { dims: [size], data: new Float64Array(size) };
  const results = evaluate(makeGraph(outputs), values);
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data])) as Record<Name, Float64Array>;
}
