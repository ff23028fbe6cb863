/** @file A compiled pretraining graph, and how a batch and the weights of the moment are fed to it. */
import type { Backend, Executable } from '#engine/graph/backend.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { packTrees } from '#engine/model/pack-trees.ts';
import { distinctWindows, packedFeeds } from '#engine/model/stream-inputs.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';
import type { Tensor } from '#engine/tensor/tensor.ts';
import type { DocumentBatch } from './document-batches.ts';
import type { TrainedWeights } from './initial-weights.ts';
import { HEAD_GROUPS, PRETRAIN, pretrainGraph } from './pretrain-graph.ts';

export interface PretrainPassResult {
  /** Mean negative log-likelihood of a predicted token, nats. */
  readonly loss: number;
  /** By weight; empty for a pass without gradients. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

export class PretrainPass {
  readonly #executable: Executable;
  readonly #config: ModelConfig;

  private constructor(executable: Executable, config: ModelConfig) {
    this.#executable = executable;
    this.#config = config;
  }

  static async compile(backend: Backend, config: ModelConfig, options: { readonly differentiated: boolean }): Promise<PretrainPass> {
    return new PretrainPass(await backend.compile(pretrainGraph(config, options.differentiated), new Map()), config);
  }

  async run({ trees, predicted }: DocumentBatch, weights: TrainedWeights, contextLength: number): Promise<PretrainPassResult> {
    const packed = packTrees(trees, distinctWindows(this.#config), 1, { everyToken: true });
    const outputs = await this.#executable.run({
      ...packedFeeds(this.#config, packed, { longestRow: contextLength, headGroups: HEAD_GROUPS }),
      [PRETRAIN.perToken]: floatTensor([], [1 / predicted]),
      ...Object.fromEntries([...weights].map(([name, { shape, values }]) => [name, floatTensor(shape, values)])),
    });
    const gradients = [...weights.keys()].flatMap((name) => {
      const gradient = floats(outputs[PRETRAIN.gradient(name)]);
      return gradient ? [[name, gradient] as const] : [];
    });
    return { loss: floats(outputs[PRETRAIN.loss])?.[0] ?? NaN, gradients: new Map(gradients) };
  }

  release(): Promise<void> {
    return this.#executable.release();
  }
}

function floats(tensor: Tensor | undefined): Float32Array | null {
  return tensor?.dtype === 'float32' ? tensor.data : null;
}
