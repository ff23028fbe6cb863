/** @file Whole KTO and DPO runs on TensorFlow.js: the adapter of ONNX Runtime, and not a tensor more after a hundred passes than after one. */
import { expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import type { LoadedTfjs } from '#backends/tfjs/load-tfjs.ts';
import { tfjsBackend } from '#backends/tfjs/tfjs-backend.ts';
import { chunkRows } from '#engine/train/chunk-rows.ts';
import type { Chunk } from '#engine/train/chunk-rows.ts';
import { exampleGroup } from '#engine/train/row-groups.ts';
import { longestRow } from '#engine/train/row-lengths.ts';
import { RowPass } from '#engine/train/row-pass.ts';
import { adapterDifference } from '#test/support/adapter-difference.ts';
import { goldenDpoRun, goldenKtoRun, runGolden } from '#test/support/golden-run.ts';
import { examples, tinyModel } from '#test/support/tiny-method.ts';

/** Relative to a tensor's largest value, after all steps; AdamW makes the most of every rounding. */
const ADAPTER = 1e-3;
const PASSES = 100;

/** Called by a test file of its own for each device: a process holds one. */
export function tfjsGoldenTests(loaded: LoadedTfjs): void {
  const { tf } = loaded;
  const backend = tfjsBackend(loaded);

  it.each([
    ['KTO, gradients row by row', () => goldenKtoRun('kto_default'), {}],
    [
      'KTO, z0 beforehand and layers recomputed',
      () => goldenKtoRun('kto_weighted'),
      { rowGradients: false, recompute: true, headGroups: 2 },
    ],
    ['DPO', () => goldenDpoRun('sigmoid'), {}],
  ] as const)('%s gives the adapter of ONNX Runtime', async (_, makeRun, memory) => {
    const run = await makeRun();
    const got = await runGolden(run, backend, { memory });
    const expected = await runGolden(run, onnxRuntimeBackend({ threads: 1 }), { memory });
    expect(got.logs).toHaveLength(expected.logs.length);
    expect(adapterDifference(got.parameters, expected.parameters)).toBeLessThan(ADAPTER);
    expect(tf.memory().numTensors).toBe(0);
  });

  it(`leaks no tensor over ${PASSES} training passes, and uploads each weight once`, async () => {
    const tiny = await tinyModel();
    const all = examples(4);
    const groups = all.map((example, i) => exampleGroup(example, all[(i + 1) % 4]?.completionIds ?? null, i, 64));
    const [chunk] = chunkRows(groups, Infinity) as [Chunk];
    const { config, modules, memory, parameters, weights } = tiny;
    const options = { config, modules, memory, partner: true, measures: true } as const;
    const training = await RowPass.compile(backend, weights, { ...options, objective: { kind: 'rows' } });
    const withWeights = tf.memory().numBytes;
    const scoring = await RowPass.compile(backend, weights, { ...options, objective: { kind: 'none' } });
    expect(tf.memory().numBytes - withWeights).toBeLessThan(1024); // constants of the graph alone

    await training.run(chunk, { parameters, longestRow: longestRow(groups) });
    const { numTensors, numBytes } = tf.memory();
    for (let i = 1; i < PASSES; i++) await training.run(chunk, { parameters, longestRow: longestRow(groups) });
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });

    await training.release();
    await scoring.release();
    expect(tf.memory().numTensors).toBe(0);
  }, 60_000);
}
