/**
 * @file The graph of a pretraining pass: the decoder that training and generation use, with its weights as inputs, the mean loss of predicting every
 * token from those before it, and the gradient towards every weight.
 */
import { gradients } from '#engine/graph/gradient.ts';
import { feedParameters } from '#engine/graph/feed-parameters.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';
import { input, mul, neg, sumAll } from '#engine/graph/operations.ts';
import { decoder } from '#engine/model/decoder.ts';
import { scoreRows } from '#engine/model/head.ts';
import { noAdapters } from '#engine/model/lora.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { lastLayerInputs, streamInputs } from '#engine/model/stream-inputs.ts';

/** The head takes all positions at once: the vocabulary of a model that is trained from scratch here is small. */
export const HEAD_GROUPS = 1;

/** Names of inputs and outputs beside those of the packed tokens and the weights. */
export const PRETRAIN = {
  /** 1 / number of predicted tokens; `[]` */
  perToken: 'per_token',
  /** Mean negative log-likelihood of a token, nats; `[]` */
  loss: 'loss',
  gradient: (weight: string) => `gradient/${weight}`,
} as const;

/** @param differentiated - whether the gradients are wanted, or the loss alone */
export function pretrainGraph(config: ModelConfig, differentiated: boolean): Graph {
  const inputs = streamInputs(config, 'policy', HEAD_GROUPS);
  const hidden = decoder(config, { inputs, adapters: noAdapters }, null, { last: lastLayerInputs(), recompute: false });
  // Not "differentiated" in the head's sense, which takes its weights for frozen.
  const { logps } = scoreRows(config, hidden.policy, inputs.scored, { differentiated: false, measures: false }); // [n]
  const meanLoss = neg(mul(sumAll(logps), input(PRETRAIN.perToken, []))); // []
  const fed = feedParameters([meanLoss], (name) => storedName(config, name));
  const [loss] = fed.roots as readonly [Node];
  if (!differentiated) return makeGraph({ [PRETRAIN.loss]: loss });
  const slopes = gradients(loss, [...fed.inputs.values()]);
  const named = [...fed.inputs.keys()].flatMap((name, i) => (slopes[i] ? [[PRETRAIN.gradient(name), slopes[i]] as const] : []));
  return makeGraph({ [PRETRAIN.loss]: loss, ...Object.fromEntries(named) });
}

/** A tied head is the embedding. */
export function storedName(config: ModelConfig, name: string): string {
  return config.tieWordEmbeddings && name === 'lm_head.weight' ? 'model.embed_tokens.weight' : name;
}
