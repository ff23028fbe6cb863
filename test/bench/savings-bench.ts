/**
 * @file What each saving of a KTO step is worth: the same micro-batch with one saving switched off at a time, by feeding the same graphs with rows that
 * lack it.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { promptTree } from '#engine/model/segment-tree.ts';
import type { SegmentTree } from '#engine/model/segment-tree.ts';
import { chunkRows } from '#engine/train/chunk-rows.ts';
import type { RowGroup } from '#engine/train/chunk-rows.ts';
import { EVERYTHING_AT_ONCE } from '#engine/train/memory-plan.ts';
import { completionsOf, exampleGroup, onlyStream } from '#engine/train/row-groups.ts';
import { RowPass } from '#engine/train/row-pass.ts';
import type { StepGraphOptions } from '#engine/train/step-graph.ts';
import { loadModel } from '#test/support/load-model.ts';
import { randomExamples } from './bench-rows.ts';
import { ensureRandomModel, tinyLlamaConfig } from './random-model.ts';
import { randomParameters } from './step-bench.ts';

interface Work {
  readonly pass: 'gradient' | 'gradient without partners' | 'scores' | 'reference';
  readonly groups: readonly RowGroup[];
}

const CHUNK_TOKENS = 1024;

/** @returns seconds per micro-batch by variant, best of `repeats` */
export async function savingsBench({
  layers,
  batch,
  repeats,
}: {
  layers: number;
  batch: number;
  repeats: number;
}): Promise<Record<string, number>> {
  const dir = await ensureRandomModel(join(tmpdir(), `prospect-bench-tinyllama-${layers}`), tinyLlamaConfig(layers));
  const { config, weights } = await loadModel(dir);
  const modules = [...linearModules(config)]
    .filter(([name]) => /\.[qv]_proj$/.test(name))
    .map(([name, size]): LoraModule => ({ name, inFeatures: size.in, outFeatures: size.out, rank: 8, scaling: 2 }));
  const parameters = randomParameters(modules);
  const passes = new Map<Work['pass'], RowPass>();
  const passFor = async (name: Work['pass']) => {
    const known = passes.get(name);
    if (known) return known;
    const shared = { config, memory: EVERYTHING_AT_ONCE };
    const graphs: Record<Work['pass'], StepGraphOptions> = {
      gradient: { ...shared, modules, partner: true, measures: true, objective: { kind: 'rows' } },
      'gradient without partners': { ...shared, modules, partner: false, measures: true, objective: { kind: 'rows' } },
      scores: { ...shared, modules, partner: false, measures: false, objective: { kind: 'none' } },
      reference: { ...shared, modules: [], partner: true, measures: false, objective: { kind: 'none' } },
    };
    const pass = await RowPass.compile(onnxRuntimeBackend(), weights, graphs[name]);
    passes.set(name, pass);
    return pass;
  };

  const seconds: Record<string, number> = {};
  for (const [variant, work] of Object.entries(variants(batch, config.vocabSize))) {
    let best = Infinity;
    for (let i = 0; i < repeats; i++) {
      const started = performance.now();
      for (const { pass, groups } of work) {
        for (const chunk of chunkRows(groups, CHUNK_TOKENS)) await (await passFor(pass)).run(chunk, { parameters, longestRow: 256 });
      }
      best = Math.min(best, (performance.now() - started) / 1000);
    }
    seconds[variant] = Number(best.toFixed(2));
    process.stderr.write(`${variant}: ${seconds[variant]} s\n`);
  }
  for (const pass of passes.values()) await pass.release();
  return seconds;
}

function variants(batch: number, vocabSize: number): Record<string, readonly Work[]> {
  const examples = randomExamples({ count: batch, promptTokens: [60, 120], completionTokens: [20, 80], vocabSize, eosId: 2 });
  const groups = examples.map((example, i) => exampleGroup(example, examples.at(i - 1)?.completionIds ?? null, i, null));
  const withoutPartners = onlyStream(groups, 'policy');
  const longest = Math.max(...withoutPartners.flatMap(completionsOf).map(({ prompt, completion }) => prompt.length + completion.length));
  const reference: Work = { pass: 'reference', groups };
  return {
    'as it is': [{ pass: 'gradient', groups }],
    'reference not cached': [{ pass: 'gradient', groups }, reference],
    'KL partners with prompts of their own': [
      { pass: 'gradient without partners', groups: withoutPartners },
      { pass: 'scores', groups: groups.map(partnerAlone) },
    ],
    'rows padded to the longest': [{ pass: 'gradient', groups: groups.map((group) => padded(group, longest)) }],
    'head and last layer everywhere': [{ pass: 'gradient', groups: groups.map(scoredEverywhere) }],
  };
}

function partnerAlone(group: RowGroup): RowGroup {
  const trees = completionsOf(group)
    .filter(({ stream }) => stream === 'partner')
    .map(({ prompt, completion, row }): SegmentTree => promptTree(prompt, [{ ids: completion, row, stream: 'policy' }]));
  return { trees, rows: group.rows };
}

/** Tokens that nobody looks at, after the completion. */
function padded({ trees, rows }: RowGroup, longest: number): RowGroup {
  const filled = trees.map((tree): SegmentTree => {
    const tokens = tree.reduce((sum, { ids, stream }) => sum + (stream === 'policy' ? ids.length : 0), 0);
    return [...tree, { ids: new Int32Array(longest - tokens).fill(3), parent: 1, stream: 'policy', row: null }];
  });
  return { trees: filled, rows };
}

function scoredEverywhere({ trees, rows }: RowGroup): RowGroup {
  return { rows, trees: trees.map((tree) => tree.map((segment, s) => (s === 0 ? { ...segment, row: rows[0] ?? 0 } : segment))) };
}
