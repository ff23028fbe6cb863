/** @file The weights that pretraining begins with, as GPT-2 and Transformers' Llama begin: small and normal, norms at one. */
import { modelTensors } from '#engine/model/model-tensors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { Random } from '#engine/train/random.ts';
import { storedName } from './pretrain-graph.ts';

/** A weight that is being trained. */
export interface TrainedWeight {
  readonly shape: readonly number[];
  /** Row-major; changes with every step. */
  readonly values: Float32Array;
}

/** By Hugging Face name; a tied head is not among them. */
export type TrainedWeights = ReadonlyMap<string, TrainedWeight>;

const STREAM = 11;

/**
 * The same seed gives the same weights. Those of the modules that add to the residual stream are smaller by √(2·layers), so that the stream does not
 * grow with the depth (Radford et al., 2019).
 * @param range - standard deviation
 */
export function initialWeights(config: ModelConfig, { seed, range }: { readonly seed: number; readonly range: number }): TrainedWeights {
  const weights = new Map<string, TrainedWeight>();
  let index = 0;
  for (const [name, shape] of modelTensors(config)) {
    if (storedName(config, name) !== name) continue;
    const values = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
    const addsToStream = /\.(?:o_proj|down_proj)\.weight$/.test(name);
    const deviation = addsToStream ? range / Math.sqrt(2 * config.layerCount) : range;
    if (shape.length > 1) fillNormal(values, deviation, Random.fromSeed(seed, STREAM, index));
    else values.fill(name.endsWith('.bias') ? 0 : 1);
    weights.set(name, { shape, values });
    index++;
  }
  return weights;
}

/** Box and Muller, 1958. */
function fillNormal(target: Float32Array, deviation: number, random: Random): void {
  for (let i = 0; i < target.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.uniform()));
    const angle = 2 * Math.PI * random.uniform();
    target[i] = radius * Math.cos(angle);
    if (i + 1 < target.length) target[i + 1] = radius * Math.sin(angle);
  }
}
