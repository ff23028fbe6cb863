/** @file How rows are packed never changes a number: log-probabilities and gradients of rows packed together against each row by itself. */
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { resolveTargetModules } from '#engine/adapter/target-modules.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { promptTree } from '#engine/model/segment-tree.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';
import { chunkRows } from '#engine/train/chunk-rows.ts';
import type { RowGroup } from '#engine/train/chunk-rows.ts';
import { exampleGroup } from '#engine/train/row-groups.ts';
import { EVERYTHING_AT_ONCE } from '#engine/train/memory-plan.ts';
import { RowPass } from '#engine/train/row-pass.ts';
import type { ChunkResult, LoraParameters } from '#engine/train/row-pass.ts';
import { OBJECTIVE_INPUTS } from '#engine/train/step-graph.ts';
import type { StepGraphOptions } from '#engine/train/step-graph.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { adapterParameters } from '#test/support/adapter-parameters.ts';
import { loadModel } from '#test/support/load-model.ts';
import { LONGEST_PACKING_ROW, packingGroups, PACKING_ROWS } from '#test/support/packing-rows.ts';
import type { PackingRow } from '#test/support/packing-rows.ts';

const GOLDEN = join(import.meta.dirname, '../golden');
/** Relative: other shapes of the same products are summed in another order in float32. */
const TOLERANCE = 1e-5;
const ALL_ROWS = [...PACKING_ROWS.keys()];

interface Subject {
  readonly modules: readonly LoraModule[];
  readonly parameters: LoraParameters;
  compile(objective: 'none' | 'rows' | 'seeds', partner: boolean): Promise<RowPass>;
}

async function openSubject(model: string, adapterFolder: string | null): Promise<Subject> {
  const { config, weights } = await loadModel(join(GOLDEN, model));
  const adapter = adapterFolder === null ? null : await readAdapterFolder(join(GOLDEN, adapterFolder));
  const modules = adapter ? resolveTargetModules(adapter.config, linearModules(config)).modules : [];
  return {
    modules,
    parameters: adapter ? adapterParameters(adapter) : new Map(),
    compile(kind, partner) {
      const options: StepGraphOptions = { config, modules, partner, objective: { kind }, measures: true, memory: EVERYTHING_AT_ONCE };
      const pass = RowPass.compile(onnxRuntimeBackend({ threads: 1 }), weights, options);
      passes.push(pass);
      return pass;
    },
  };
}

const passes: Promise<RowPass>[] = [];
afterAll(async () => {
  for (const pass of passes) await (await pass).release();
});

/** @returns values by row number, and the gradients of Σ seed · log-probability by parameter, both summed over the chunks */
async function runGroups(
  pass: RowPass,
  { parameters }: Subject,
  groups: readonly RowGroup[],
  { maxTokens = 1e6, seeds = [] as readonly number[] } = {},
) {
  const values = { logps: new Map<number, number>(), partnerLogps: new Map<number, number>(), entropies: new Map<number, number>() };
  const gradients = new Map<string, Float64Array>();
  for (const chunk of chunkRows(groups, maxTokens)) {
    const extra = {
      [OBJECTIVE_INPUTS.seeds]: floatTensor(
        [chunk.rows.length],
        chunk.rows.map((row) => seeds[row] ?? 1),
      ),
    };
    const result = await pass.run(chunk, { parameters, longestRow: LONGEST_PACKING_ROW, extra });
    chunk.rows.forEach((row, i) => {
      values.logps.set(row, result.logps[i] as number);
      values.partnerLogps.set(row, result.partnerLogps[i] ?? 0);
      values.entropies.set(row, result.sumEntropy[i] as number);
    });
    for (const [name, gradient] of result.gradients) addTo(gradients, name, gradient, 1);
  }
  return { ...values, gradients };
}

function addTo(sums: Map<string, Float64Array>, name: string, values: ArrayLike<number>, weight: number): void {
  const sum = sums.get(name) ?? new Float64Array(values.length);
  sums.set(
    name,
    sum.map((value, i) => value + weight * (values[i] as number)),
  );
}

const SUBJECTS: readonly (readonly [title: string, model: string, adapter: string | null])[] = [
  ['the model with an adapter on every module', 'trl/base', 'peft/from-peft-base-rslora'],
  ['a model with a sliding window in one of its layers', 'logits-variants/qwen2_window_layers', null],
  ['a model whose rotation depends on the longest row', 'logits-variants/llama_dynamic_rope', null],
];

describe.each(SUBJECTS)('for %s', (_title, model, adapter) => {
  let subject: Subject;
  let plain: RowPass;
  let withPartner: RowPass;
  const alone = new Map<number, { logp: number; entropy: number; partnerLogp: number }>();

  beforeAll(async () => {
    subject = await openSubject(model, adapter);
    plain = await subject.compile('none', false);
    withPartner = await subject.compile('none', true);
    for (const row of ALL_ROWS) {
      const { prompt, partner } = PACKING_ROWS[row] as PackingRow;
      const own = await runGroups(plain, subject, packingGroups([row], { partner: false, share: false }));
      // The partner by itself, as if it were the row's own completion.
      const other = await runGroups(plain, subject, [
        { trees: [promptTree(prompt, [{ ids: partner, row, stream: 'policy' }])], rows: [row] },
      ]);
      alone.set(row, {
        logp: own.logps.get(row) as number,
        entropy: own.entropies.get(row) as number,
        partnerLogp: other.logps.get(row) as number,
      });
    }
  });

  it('a row alone has a log-probability below zero, or exactly zero where nothing is scored', () => {
    for (const [row, { logp }] of alone) {
      const { prompt, completion } = PACKING_ROWS[row] as PackingRow;
      expect(logp).toBeLessThanOrEqual(0);
      expect(logp === 0).toBe(completion.length === 0 || prompt.length + completion.length === 1);
    }
  });

  it('what a row is packed with, in what order, chunks of what size, below whose prompt and with whose partner does not matter', async () => {
    const packing = fc.record({
      order: fc.shuffledSubarray(ALL_ROWS, { minLength: 1 }),
      partner: fc.boolean(),
      share: fc.boolean(),
      maxTokens: fc.integer({ min: 1, max: 120 }),
    });
    await fc.assert(
      fc.asyncProperty(packing, async ({ order, partner, share, maxTokens }) => {
        const groups = packingGroups(order, { partner, share });
        const got = await runGroups(partner ? withPartner : plain, subject, groups, { maxTokens });
        expect(new Set(got.logps.keys())).toEqual(new Set(order));
        for (const row of order) {
          const { logp, entropy, partnerLogp } = alone.get(row) as { logp: number; entropy: number; partnerLogp: number };
          expectClose(got.logps.get(row), logp);
          expectClose(got.entropies.get(row), entropy);
          if (partner) expectClose(got.partnerLogps.get(row), partnerLogp);
        }
      }),
      { numRuns: 40, seed: 19, endOnFailure: true },
    );
  });
});

describe('gradients', () => {
  /** Signs and sizes differ, so that a gradient credited to the wrong row shows. */
  const SEEDS = ALL_ROWS.map((row) => (row % 2 === 0 ? 1 : -1) * (0.25 + row / 4));
  let subject: Subject;
  let seeded: RowPass;
  const alone = new Map<number, ReadonlyMap<string, Float64Array>>();

  beforeAll(async () => {
    subject = await openSubject('trl/base', 'peft/from-peft-base-rslora');
    seeded = await subject.compile('seeds', false);
    for (const row of ALL_ROWS) {
      alone.set(row, (await runGroups(seeded, subject, packingGroups([row], { partner: false, share: false }))).gradients);
    }
  });

  it('of a row that is not scored are exactly zero', () => {
    const largest = (row: number) =>
      Math.max(...[...(alone.get(row) as ReadonlyMap<string, Float64Array>).values()].flatMap((x) => [...x].map(Math.abs)));
    expect([3, 8].map(largest)).toEqual([0, 0]);
    expect(Math.min(...[0, 1, 2, 4, 5, 6, 7].map(largest))).toBeGreaterThan(0.01);
  });

  it.each([false, true])('come out row by row from one pass over all of them (partners: %s)', async (partner) => {
    const pass = await subject.compile('rows', partner);
    const [chunk] = chunkRows(packingGroups(ALL_ROWS, { partner, share: false }), 1e6);
    const { rows, trees } = chunk as { rows: readonly number[]; trees: RowGroup['trees'] };
    const result = await pass.run({ rows, trees }, { parameters: subject.parameters, longestRow: LONGEST_PACKING_ROW });
    expect(rows).toHaveLength(ALL_ROWS.length);
    for (const [i, row] of rows.entries()) {
      const own = alone.get(row) as ReadonlyMap<string, Float64Array>;
      expect(worstGap(copyOfRow(result, subject.modules, i, rows.length), own)).toBeLessThanOrEqual(TOLERANCE);
    }
  });

  it.each([
    ['each with its prompt, in one chunk', { share: false, maxTokens: 1e6 }],
    ['twins below one prompt, in one chunk', { share: true, maxTokens: 1e6 }],
    ['twins below one prompt, in chunks of 20 tokens', { share: true, maxTokens: 20 }],
    ['each in a chunk of its own', { share: false, maxTokens: 1 }],
  ])('weighted by seeds are the sum of the rows’ own: %s', async (_title, { share, maxTokens }) => {
    const expected = new Map<string, Float64Array>();
    for (const [row, gradients] of alone) for (const [name, gradient] of gradients) addTo(expected, name, gradient, SEEDS[row] as number);
    const { gradients } = await runGroups(seeded, subject, packingGroups(ALL_ROWS, { partner: false, share }), { maxTokens, seeds: SEEDS });
    expect(worstGap(gradients, expected)).toBeLessThanOrEqual(TOLERANCE);
  });
});

describe('a chunk of rows that have lost both completions to truncation', () => {
  const prompt = Int32Array.of(5, 6, 7, 8);
  const group = exampleGroup({ promptIds: prompt, completionIds: Int32Array.of(9) }, Int32Array.of(10, 11), 0, prompt.length);

  it.each(['none', 'rows', 'seeds'] as const)('gives zeros (%s)', async (objective) => {
    const subject = await openSubject('trl/base', 'peft/from-peft-base-plain');
    const { logps, partnerLogps, gradients } = await runGroups(await subject.compile(objective, true), subject, [group]);
    expect([logps.get(0), partnerLogps.get(0)]).toEqual([0, 0]);
    expect(gradients.size).toBe(objective === 'none' ? 0 : 2 * subject.modules.length);
    for (const gradient of gradients.values()) expect(gradient.every((value) => value === 0)).toBe(true);
  });
});

/** Copy `i` of every gradient of the objective `rows`: `[n·R, in]` holds rows i·R …, `[out, n·R]` columns i·R …. */
function copyOfRow(
  { gradients }: ChunkResult,
  modules: readonly LoraModule[],
  i: number,
  rowCount: number,
): ReadonlyMap<string, Float64Array> {
  return new Map(
    modules.flatMap(({ name, rank, inFeatures, outFeatures }) => {
      const a = gradients.get(`${name}.lora_A.weight`) as Float32Array;
      const b = gradients.get(`${name}.lora_B.weight`) as Float32Array;
      const ownB = Float64Array.from(
        { length: outFeatures * rank },
        (_, k) => b[(Math.floor(k / rank) * rowCount + i) * rank + (k % rank)] as number,
      );
      return [
        [`${name}.lora_A.weight`, Float64Array.from(a.subarray(i * rank * inFeatures, (i + 1) * rank * inFeatures))] as const,
        [`${name}.lora_B.weight`, ownB] as const,
      ];
    }),
  );
}

function expectClose(got: number | undefined, expected: number): void {
  expect(Math.abs((got as number) - expected)).toBeLessThanOrEqual(TOLERANCE * Math.abs(expected));
}

/** Of all tensors, the largest difference relative to the largest number of its tensor; infinite where a tensor is missing. */
function worstGap(got: ReadonlyMap<string, Float64Array>, expected: ReadonlyMap<string, Float64Array>): number {
  const gaps = [...expected].map(([name, values]) => {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - (got.get(name)?.[i] ?? Infinity))), 0);
    return worst === 0 ? 0 : worst / largest;
  });
  return Math.max(...gaps);
}
