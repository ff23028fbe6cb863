/** @file Logits at every position of one sequence, from the decoder graph on ONNX Runtime. */
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { decoder } from '#engine/model/decoder.ts';
import { allLogits } from '#engine/model/head.ts';
import { noAdapters } from '#engine/model/lora.ts';
import { packTrees } from '#engine/model/pack-trees.ts';
import { distinctWindows, lastLayerInputs, packedFeeds, streamInputs } from '#engine/model/stream-inputs.ts';
import type { LoadedModel } from './load-model.ts';

export interface Logits {
  /** @returns `[T, V]` */
  run(ids: readonly number[]): Promise<Float32Array>;
  release(): Promise<void>;
}

export async function compileLogits({ config, weights }: LoadedModel): Promise<Logits> {
  const inputs = streamInputs(config, 'policy', 1);
  const { policy } = decoder(config, { inputs, adapters: noAdapters }, null, { last: lastLayerInputs(), recompute: false });
  const executable = await onnxRuntimeBackend({ threads: 1 }).compile(makeGraph({ logits: allLogits(config, policy) }), weights);
  return {
    async run(ids) {
      const packed = packTrees([[{ ids: Int32Array.from(ids), parent: null, stream: 'policy', row: 0 }]], distinctWindows(config), 1, {
        everyToken: true,
      });
      const feeds = packedFeeds(config, packed, { longestRow: ids.length, headGroups: 1 });
      return (await executable.run(feeds))['logits']?.data as Float32Array;
    },
    release: () => executable.release(),
  };
}
