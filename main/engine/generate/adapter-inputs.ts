/**
 * @file Adapters as inputs of a generation graph. Their rank is a dimension of the graph and their scaling is part of B, so that one session serves
 * the base model and every adapter of the same modules.
 */
import type { Feeds } from '#engine/graph/backend.ts';
import { input } from '#engine/graph/operations.ts';
import { loraAdapters, loraInputName, noAdapters } from '#engine/model/lora.ts';
import type { Adapters, LoraModule } from '#engine/model/lora.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';
import type { FloatTensor } from '#engine/tensor/tensor.ts';

/** An adapter to generate with: which modules, and LoRA's A and B by parameter name (`<module>.lora_A.weight`), row-major. */
export interface GenerationAdapter {
  readonly modules: readonly LoraModule[];
  readonly parameters: ReadonlyMap<string, Float32Array>;
}

/** @param modules - all that any adapter of the session may change */
export function adapterInputs(modules: readonly LoraModule[]): Adapters {
  if (modules.length === 0) return noAdapters;
  const factors = modules.flatMap(({ name, inFeatures, outFeatures }) => {
    const rank = `rank_${name}`;
    const [a, b] = [loraInputName(name, 'lora_A'), loraInputName(name, 'lora_B')];
    return [[a, input(a, [rank, inFeatures])] as const, [b, input(b, [outFeatures, rank])] as const];
  });
  return loraAdapters(
    modules.map((module) => ({ ...module, scaling: 1 })),
    new Map(factors),
  );
}

/**
 * A module that the adapter leaves alone gets a rank of one and zeros.
 * @param modules - those of the session
 * @param adapter - null for the base model
 */
export function adapterFeeds(modules: readonly LoraModule[], adapter: GenerationAdapter | null): Feeds {
  const adapted = new Map(adapter?.modules.map((module) => [module.name, module]));
  const feeds: Record<string, FloatTensor> = {};
  for (const { name, inFeatures, outFeatures } of modules) {
    const module = adapted.get(name);
    const [a, b] = [loraInputName(name, 'lora_A'), loraInputName(name, 'lora_B')];
    const [valuesA, valuesB] = [adapter?.parameters.get(a), adapter?.parameters.get(b)];
    if (module && valuesA && valuesB) {
      feeds[a] = floatTensor([module.rank, inFeatures], valuesA);
      feeds[b] = floatTensor(
        [outFeatures, module.rank],
        valuesB.map((value) => value * module.scaling),
      );
    } else {
      feeds[a] = floatTensor([1, inFeatures], new Float32Array(inFeatures));
      feeds[b] = floatTensor([outFeatures, 1], new Float32Array(outFeatures));
    }
  }
  return feeds;
}
