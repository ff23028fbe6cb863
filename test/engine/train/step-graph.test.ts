/** @file A step does the work that the mathematics needs and no more: operations of matrix products, counted in the graph for real feeds. */
import { describe, expect, it } from 'vitest';
import type { Backend, Feeds } from '#engine/graph/backend.ts';
import { dimSizes, matMulFlops } from '#engine/graph/cost.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import { loraInputName } from '#engine/model/lora.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { chunkRows } from '#engine/train/chunk-rows.ts';
import type { RowGroup } from '#engine/train/chunk-rows.ts';
import { EVERYTHING_AT_ONCE } from '#engine/train/memory-plan.ts';
import { exampleGroup, pairGroup } from '#engine/train/row-groups.ts';
import { RowPass } from '#engine/train/row-pass.ts';
import { OBJECTIVE_INPUTS, stepGraph } from '#engine/train/step-graph.ts';
import type { StepGraphOptions } from '#engine/train/step-graph.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';

const LAYERS = 6;
const [WIDTH, INNER, VOCABULARY] = [512, 1024, 2000];
const config = parseModelConfig(
  {
    model_type: 'llama',
    vocab_size: VOCABULARY,
    hidden_size: WIDTH,
    intermediate_size: INNER,
    num_hidden_layers: LAYERS,
    num_attention_heads: 8,
    num_key_value_heads: 8,
    max_position_embeddings: 512,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: false,
  },
  'config.json',
);

/** Multiply-adds of a token in a layer's frozen weights, twice: keys and values, and everything else. */
const KEYS_VALUES = 2 * 2 * WIDTH * WIDTH;
const REST = 2 * (2 * WIDTH * WIDTH + 3 * WIDTH * INNER);
const HEAD = 2 * WIDTH * VOCABULARY;
/** Attention scores and the adapters, which are small here, and nothing else. */
const SMALL = 1.06;

const [PROMPT, COMPLETION] = [24, 8];
const ids = (count: number, first: number) => Int32Array.from({ length: count }, (_, i) => first + i);
const groups = [0, 1, 2, 3].map((row) =>
  exampleGroup({ promptIds: ids(PROMPT, 10 * row), completionIds: ids(COMPLETION, 7 * row) }, ids(COMPLETION, 500), row, null),
);
const alone = groups.map(({ trees, rows }) => ({ rows, trees: trees.map((tree) => tree.filter(({ stream }) => stream === 'policy')) }));

function modulesOf(layers: readonly number[]): LoraModule[] {
  return [...linearModules(config)]
    .filter(([name]) => layers.some((layer) => name.includes(`.layers.${layer}.self_attn.q_proj`)))
    .map(([name, size]) => ({ name, inFeatures: size.in, outFeatures: size.out, rank: 1, scaling: 2 }));
}

/** Counts, and computes nothing. */
async function flopsOf(rows: readonly RowGroup[], given: Partial<StepGraphOptions>): Promise<number> {
  const options: StepGraphOptions = {
    config,
    modules: modulesOf([...Array(LAYERS).keys()]),
    partner: false,
    objective: { kind: 'seeds' },
    measures: false,
    memory: EVERYTHING_AT_ONCE,
    ...given,
  };
  let flops = 0;
  const counting: Backend = {
    name: 'counting',
    peakBytes: () => 0,
    residentBytes: () => 0,
    hold: () => Promise.resolve(() => Promise.resolve()),
    compile: (graph: Graph) =>
      Promise.resolve({
        run: (feeds: Feeds) => {
          flops = matMulFlops(
            graph,
            dimSizes(graph, (name) => feeds[name]?.dims),
          );
          return Promise.resolve({});
        },
        release: () => Promise.resolve(),
      }),
  };
  const pass = await RowPass.compile(counting, new Map(), options);
  const [chunk] = chunkRows(rows, Infinity);
  const parameters = new Map(
    options.modules.flatMap(({ name, rank, inFeatures, outFeatures }) => [
      [loraInputName(name, 'lora_A'), new Float32Array(rank * inFeatures)],
      [loraInputName(name, 'lora_B'), new Float32Array(rank * outFeatures)],
    ]),
  );
  const extra = { [OBJECTIVE_INPUTS.seeds]: floatTensor([chunk?.rows.length ?? 0], new Float32Array(chunk?.rows.length ?? 0)) };
  if (chunk) await pass.run(chunk, { parameters, longestRow: PROMPT + COMPLETION, extra });
  return flops;
}

/** How many times what is needed a step does. */
const times = async (flops: Promise<number>, needed: number): Promise<number> => (await flops) / needed;

const TOKENS = 4 * (PROMPT + COMPLETION);
/** Prompt tokens need keys and values only in the last layer, but for the one that predicts the first completion token. */
const FORWARD = TOKENS * (LAYERS - 1) * (KEYS_VALUES + REST) + TOKENS * KEYS_VALUES + 4 * COMPLETION * (REST + HEAD);

describe('the operations of a step', () => {
  it('forward are those of the tokens, with the last layer and the head for predicting tokens only', async () => {
    const done = await times(flopsOf(alone, { objective: { kind: 'none' } }), FORWARD);
    expect(done).toBeGreaterThanOrEqual(1);
    expect(done).toBeLessThan(SMALL);
  });

  it('backward are no more than forward: frozen weights have no gradient', async () => {
    // Nothing below the first layer's adapter needs a gradient: its keys and values, and what comes before them.
    const backward = FORWARD - TOKENS * KEYS_VALUES - TOKENS * 2 * WIDTH * WIDTH;
    const done = await times(flopsOf(alone, {}), FORWARD + backward);
    expect(done).toBeGreaterThanOrEqual(1);
    expect(done).toBeLessThan(SMALL);
    const written = Object.keys(
      stepGraph({
        config,
        modules: modulesOf([0]),
        partner: false,
        objective: { kind: 'rows' },
        measures: false,
        memory: EVERYTHING_AT_ONCE,
      }).outputs,
    );
    expect(written.filter((name) => name.startsWith('gradient/')).toSorted()).toEqual([
      'gradient/model.layers.0.self_attn.q_proj.lora_A.weight',
      'gradient/model.layers.0.self_attn.q_proj.lora_B.weight',
    ]);
  });

  it('below the lowest adapter are those of the forward pass alone', async () => {
    const top = flopsOf(alone, { modules: modulesOf([LAYERS - 1]) });
    // The head, the last layer's MLP and its attention output, for predicting tokens.
    const done = await times(top, FORWARD + 4 * COMPLETION * (REST - 2 * WIDTH * WIDTH + HEAD));
    expect(done).toBeGreaterThanOrEqual(1);
    expect(done).toBeLessThan(SMALL);
  });

  it('of a KL partner are those of its completion: the prompt is not computed again', async () => {
    const needed = 4 * COMPLETION * (LAYERS * (KEYS_VALUES + REST) + HEAD);
    // A prompt's last token predicts the partner's first one, too; its place is among the policy's.
    const partners = (await flopsOf(groups, { partner: true })) - (await flopsOf(alone, {}));
    expect(partners).toBeGreaterThan(needed * 0.9);
    expect(partners).toBeLessThan(needed * 1.35);
  });

  it('of a pair are one prompt and two answers', async () => {
    const pair = { promptIds: ids(PROMPT, 0), chosenIds: ids(COMPLETION, 90), rejectedIds: ids(COMPLETION, 200) };
    const shared = flopsOf([pairGroup(pair, 0, { maxLength: null, truncationMode: 'keep_start' })], { objective: { kind: 'none' } });
    const tokens = PROMPT + 2 * COMPLETION;
    const needed =
      tokens * (LAYERS - 1) * (KEYS_VALUES + REST) + tokens * KEYS_VALUES + (2 * COMPLETION - 1) * REST + 2 * COMPLETION * HEAD;
    const done = await times(shared, needed);
    expect(done).toBeGreaterThanOrEqual(1);
    expect(done).toBeLessThan(SMALL);
  });
});
