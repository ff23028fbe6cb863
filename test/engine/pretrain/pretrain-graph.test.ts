/** @file The gradient of every weight of a tiny model against finite differences, in double precision. */
import { describe, expect, it } from 'vitest';
import { InternalError } from '#contract/errors.ts';
import { feedParameters } from '#engine/graph/feed-parameters.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';
import { add, input, matMul, parameter, sumAll } from '#engine/graph/operations.ts';
import { recompute } from '#engine/graph/recompute.ts';
import { evaluate } from '#engine/graph/reference.ts';
import type { Value } from '#engine/graph/reference-rules.ts';
import { packTrees } from '#engine/model/pack-trees.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { packedFeeds } from '#engine/model/stream-inputs.ts';
import { evaluationBatches } from '#engine/pretrain/document-batches.ts';
import { initialWeights } from '#engine/pretrain/initial-weights.ts';
import { HEAD_GROUPS, PRETRAIN, pretrainGraph } from '#engine/pretrain/pretrain-graph.ts';

const MODEL = {
  model_type: 'llama',
  vocab_size: 11,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
};
const STEP = 1e-4;

function scene(tied: boolean) {
  const config = parseModelConfig({ ...MODEL, tie_word_embeddings: tied }, 'config.json');
  const weights = initialWeights(config, { seed: 3, range: 0.4 });
  const documents = [Int32Array.of(1, 4, 4, 9), Int32Array.of(5, 2), Int32Array.of(10, 3, 1, 0, 7)];
  const [batch] = [...evaluationBatches(documents, { rows: 2, contextLength: 8, seed: 1 })];
  if (!batch) throw new Error('There is one batch.');
  const packed = packTrees(batch.trees, [null], 1, { everyToken: true });
  const feeds: Record<string, Value> = {
    ...packedFeeds(config, packed, { longestRow: 8, headGroups: HEAD_GROUPS }),
    [PRETRAIN.perToken]: { dims: [], data: Float64Array.of(1 / batch.predicted) },
    ...Object.fromEntries([...weights].map(([name, { shape, values }]) => [name, { dims: shape, data: Float64Array.from(values) }])),
  };
  return { config, weights, feeds, batch };
}

describe.each([true, false])('pretraining with a head that is tied: %s', (tied) => {
  const { config, weights, feeds, batch } = scene(tied);
  const graph = pretrainGraph(config, true);
  const values = evaluate(graph, feeds);
  const lossGraph = pretrainGraph(config, false);
  const loss = (changed: Readonly<Record<string, Value>>) =>
    (evaluate(lossGraph, { ...feeds, ...changed })[PRETRAIN.loss] as Value).data[0] as number;

  it('predicts all tokens but the first of each text', () => {
    expect(batch.predicted).toBe(8);
    expect(Math.abs(loss({}) - Math.log(11))).toBeLessThan(1.5);
    expect(weights.has('lm_head.weight')).toBe(!tied);
  });

  it('has the gradient of every weight', () => {
    for (const name of weights.keys()) {
      const { dims, data } = feeds[name] as Value;
      const got = (values[PRETRAIN.gradient(name)] as Value).data;
      for (const k of new Set([0, data.length >> 1, data.length - 1])) {
        const at = (delta: number) => loss({ [name]: { dims, data: Float64Array.from(data).with(k, (data[k] as number) + delta) } });
        const expected = (at(STEP) - at(-STEP)) / (2 * STEP);
        expect(Math.abs((got[k] as number) - expected)).toBeLessThan(1e-6 + 1e-4 * Math.abs(expected));
      }
    }
  });

  it('lets texts in one row not see each other', () => {
    const alone = [...evaluationBatches([Int32Array.of(10, 3, 1, 0, 7)], { rows: 2, contextLength: 8, seed: 1 })][0];
    const packed = packTrees(alone?.trees ?? [], [null], 1, { everyToken: true });
    const single = { ...packedFeeds(config, packed, { longestRow: 8, headGroups: HEAD_GROUPS }), [PRETRAIN.perToken]: one() };
    const others = [...evaluationBatches([Int32Array.of(1, 4, 4, 9), Int32Array.of(5, 2)], { rows: 2, contextLength: 8, seed: 1 })][0];
    const packedOthers = packTrees(others?.trees ?? [], [null], 1, { everyToken: true });
    const rest = { ...packedFeeds(config, packedOthers, { longestRow: 8, headGroups: HEAD_GROUPS }), [PRETRAIN.perToken]: one() };
    expect(loss({ [PRETRAIN.perToken]: one() })).toBeCloseTo(loss(single) + loss(rest), 9);
  });
});

const one = (): Value => ({ dims: [], data: Float64Array.of(1) });

describe('feedParameters', () => {
  it('makes one input of all parameters of a name, and leaves the rest as it is', () => {
    const x = input('x', [2, 2]);
    const root = sumAll(add(matMul(x, parameter('w', [2, 2])), matMul(x, parameter('w', [2, 2]))));
    const { roots, inputs } = feedParameters([root]);
    expect([...inputs.keys()]).toEqual(['w']);
    const square = (...data: number[]): Value => ({ dims: [2, 2], data: Float64Array.from(data) });
    const graph = makeGraph({ y: roots[0] as Node });
    expect(graph.parameters).toEqual([]);
    expect(evaluate(graph, { x: square(1, 2, 3, 4), w: square(1, 0, 0, 1) })['y']?.data).toEqual(Float64Array.of(20));
  });

  it('refuses two shapes under one name, and recomputed regions', () => {
    const root = add(sumAll(parameter('a', [2])), sumAll(parameter('b', [3])));
    expect(() => feedParameters([root], () => 'w')).toThrow(InternalError);
    const [value] = recompute(([x]) => [add(x as never, parameter('w', [2]))], [input('x', [2])]);
    expect(() => feedParameters([value as never])).toThrow(/recomputed region/);
  });
});
