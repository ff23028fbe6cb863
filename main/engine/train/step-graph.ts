/**
 * @file The graph of one pass over a chunk of a micro-batch: forward, log-probabilities, and (for training) the backward pass, traced once.
 *
 * Three ways to come from log-probabilities to gradients:
 * - `rows`: the gradient of each row's log-probability by itself. KTO's row weights depend on z0, which is known only when the whole micro-batch
 *   has been seen; with these, no second pass is needed.
 * - `examples`: the KTO loss inside the graph, for a z0 that is known already; then prompts may be shared between rows.
 * - `pairs`: the DPO loss inside the graph, where each pair's loss depends on that pair alone.
 * - `seeds`: Σ seed · log-probability, for everything else: the seeds come from a first pass without gradients.
 */
import { gradients } from '#engine/graph/gradient.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';
import { gather, input, mul, stopGradient, sumAll } from '#engine/graph/operations.ts';
import { decoder } from '#engine/model/decoder.ts';
import { scoreRows } from '#engine/model/head.ts';
import type { RowScores } from '#engine/model/head.ts';
import { loraAdapters, loraFactors, noAdapters, perRowLoraAdapters } from '#engine/model/lora.ts';
import type { Adapters, LoraModule } from '#engine/model/lora.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { lastLayerInputs, streamInputs } from '#engine/model/stream-inputs.ts';
import { ktoLoss } from './kto-loss.ts';
import type { KtoInputs } from './kto-loss.ts';
import type { GraphMemory } from './memory-plan.ts';
import { dpoLoss } from './dpo-losses.ts';
import type { DpoInputs, DpoLossSettings, DpoLossType } from './dpo-losses.ts';

export type Objective =
  | { readonly kind: 'none' }
  | { readonly kind: 'rows' }
  | { readonly kind: 'seeds' }
  | { readonly kind: 'examples'; readonly beta: number }
  | { readonly kind: 'pairs'; readonly lossType: DpoLossType; readonly settings: DpoLossSettings };

export interface StepGraphOptions {
  readonly config: ModelConfig;
  /** Adapted modules; empty for the base model. */
  readonly modules: readonly LoraModule[];
  /** Whether the batch has partner segments (KTO's KL completions). */
  readonly partner: boolean;
  readonly objective: Objective;
  /** Also compute what only metrics need (mean logits, entropies, correct tokens). */
  readonly measures: boolean;
  readonly memory: GraphMemory;
}

/** Names of the graph's outputs. */
export const OUTPUTS = {
  logps: 'logps',
  partnerLogps: 'partner_logps',
  meanLogits: 'sum_mean_logits',
  entropies: 'sum_entropies',
  correct: 'correct_tokens',
  losses: 'losses',
  gradient: (parameter: string) => `gradient/${parameter}`,
} as const;

/** Names of the inputs that only some objectives have. */
export const OBJECTIVE_INPUTS = {
  seeds: 'seeds',
  chosenRows: 'chosen_rows',
  rejectedRows: 'rejected_rows',
  referenceChosen: 'reference_chosen',
  referenceRejected: 'reference_rejected',
  chosenTokens: 'chosen_tokens',
  rejectedTokens: 'rejected_tokens',
  pairsPerChosenToken: 'pairs_per_chosen_token',
  reference: 'reference',
  sign: 'sign',
  lossWeight: 'loss_weight',
  klEstimate: 'kl_estimate',
} as const;

export function stepGraph({ config, modules, partner, objective, measures, memory }: StepGraphOptions): Graph {
  const factors = loraFactors(modules);
  const plain = modules.length === 0 ? noAdapters : loraAdapters(modules, factors);
  const adapters = objective.kind === 'rows' ? perRowLoraAdapters(modules, factors) : plain;
  const policyInputs = streamInputs(config, 'policy', memory.headGroups);
  const partnerInputs = partner ? streamInputs(config, 'partner', memory.headGroups) : null;

  const partnerStream = partnerInputs && { inputs: partnerInputs, adapters: plain };
  const hidden = decoder(config, { inputs: policyInputs, adapters }, partnerStream, {
    last: lastLayerInputs(),
    recompute: memory.recompute && objective.kind !== 'none',
  });
  const rows = scoreRows(config, hidden.policy, policyInputs.scored, { differentiated: objective.kind !== 'none', measures }); // [n] each
  const partnerRows =
    hidden.withPartner && partnerInputs
      ? scoreRows(config, hidden.withPartner, partnerInputs.scored, { differentiated: false, measures: false })
      : null; // [n] each

  return makeGraph({
    [OUTPUTS.logps]: rows.logps,
    ...(partnerRows ? { [OUTPUTS.partnerLogps]: partnerRows.logps } : {}),
    ...(rows.measures ? measureOutputs(rows.measures) : {}),
    ...objectiveOutputs(objective, rows.logps, adapters),
  });
}

function measureOutputs({ meanLogits, entropies, correct }: NonNullable<RowScores['measures']>): Record<string, Node> {
  return { [OUTPUTS.meanLogits]: meanLogits, [OUTPUTS.entropies]: entropies, [OUTPUTS.correct]: correct };
}

function objectiveOutputs(objective: Objective, logps: Node, adapters: Adapters): Record<string, Node> {
  switch (objective.kind) {
    case 'none':
      return {};
    case 'rows':
      // Each row has its own copy of the adapter, so the gradient of the sum is the gradient of every row.
      return gradientOutputs(sumAll(logps), adapters);
    case 'seeds':
      return gradientOutputs(sumAll(mul(logps, input(OBJECTIVE_INPUTS.seeds, ['n']))), adapters);
    case 'examples':
      return lossOutputs(ktoLoss(exampleInputs(logps), objective.beta), adapters); // [n]
    case 'pairs':
      return lossOutputs(dpoLoss(objective.lossType, pairInputs(logps), objective.settings), adapters); // [p]
    default:
      return objective satisfies never;
  }
}

function lossOutputs(losses: Node, adapters: Adapters): Record<string, Node> {
  return { [OUTPUTS.losses]: stopGradient(losses), ...gradientOutputs(sumAll(losses), adapters) };
}

function exampleInputs(policy: Node): KtoInputs {
  const perRow = (name: string) => input(name, ['n']);
  return {
    policy,
    reference: perRow(OBJECTIVE_INPUTS.reference),
    sign: perRow(OBJECTIVE_INPUTS.sign),
    weight: perRow(OBJECTIVE_INPUTS.lossWeight),
    klEstimate: input(OBJECTIVE_INPUTS.klEstimate, []),
  };
}

function pairInputs(logps: Node): DpoInputs {
  const perPair = (name: string) => input(name, ['p']);
  const rows = (name: string) => input(name, ['p'], 'int32');
  const unsorted = rows('unsorted'); // the sorting losses are never traced into this graph
  return {
    chosen: gather(logps, rows(OBJECTIVE_INPUTS.chosenRows)),
    rejected: gather(logps, rows(OBJECTIVE_INPUTS.rejectedRows)),
    referenceChosen: perPair(OBJECTIVE_INPUTS.referenceChosen),
    referenceRejected: perPair(OBJECTIVE_INPUTS.referenceRejected),
    chosenTokens: perPair(OBJECTIVE_INPUTS.chosenTokens),
    rejectedTokens: perPair(OBJECTIVE_INPUTS.rejectedTokens),
    pairsPerChosenToken: perPair(OBJECTIVE_INPUTS.pairsPerChosenToken),
    firstOrder: unsorted,
    secondOrder: unsorted,
  };
}

function gradientOutputs(loss: Node, adapters: Adapters): Record<string, Node> {
  const names = [...adapters.trainable.keys()];
  const results = gradients(loss, [...adapters.trainable.values()]);
  return Object.fromEntries(names.flatMap((name, i) => (results[i] ? [[OUTPUTS.gradient(name), results[i]]] : [])));
}
