/**
 * @file How far float16 products are from float32 ones, as the processor rehearses them: gradients of one step of a random model, and TRL's golden runs
 * from beginning to end. Numbers only: the processor is not faster for it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import type { Backend } from '#engine/graph/backend.ts';
import type { LoraParameters } from '#engine/train/row-pass.ts';
import { MEASURED_TRIALS, openTrial } from '#engines/trial.ts';
import type { TrialSize } from '#engines/trial.ts';
import { goldenDpoRun, goldenKtoRun, runGolden } from '#test/support/golden-run.ts';
import type { GoldenRun } from '#test/support/golden-run.ts';

const half = onnxRuntimeBackend({ dtype: 'float16' });
const single = onnxRuntimeBackend();

export async function halfBench(): Promise<object> {
  const work = await mkdtemp(join(tmpdir(), 'prospect-half-'));
  try {
    const [, large] = MEASURED_TRIALS as [TrialSize, TrialSize];
    const [got, expected] = [await gradientsOf(half, work, large), await gradientsOf(single, work, large)];
    return {
      gradients: { hidden: large.hidden, ...apart(got, expected) },
      kto_default: await goldenApart(await goldenKtoRun('kto_default')),
      kto_weighted: await goldenApart(await goldenKtoRun('kto_weighted')),
      dpo_sigmoid: await goldenApart(await goldenDpoRun('sigmoid')),
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function gradientsOf(backend: Backend, folder: string, size: TrialSize): Promise<LoraParameters> {
  const trial = await openTrial(backend, folder, size);
  const { gradients } = await trial.run();
  await trial.release();
  return gradients;
}

async function goldenApart(run: GoldenRun): Promise<object> {
  const [got, expected] = [await runGolden(run, half), await runGolden(run, single)];
  const steps = expected.logs.filter(({ grad_norm: norm }) => norm !== undefined);
  const worst = (of: (got: Record<string, number>, expected: Record<string, number>) => number) =>
    Math.max(...steps.map((entry, i) => of(got.logs[i] ?? {}, entry)));
  return {
    loss: worst((a, b) => Math.abs((a['loss'] ?? Number.NaN) - (b['loss'] ?? Number.NaN))),
    grad_norm: worst((a, b) => Math.abs((a['grad_norm'] ?? Number.NaN) / (b['grad_norm'] ?? Number.NaN) - 1)),
    eval_loss: Math.abs((got.evaluation['eval_loss'] ?? Number.NaN) - (expected.evaluation['eval_loss'] ?? Number.NaN)),
    adapter: apart(got.parameters, expected.parameters),
  };
}

/** `worst`: of a tensor's largest value; `mean`: the length of the difference relative to the length of all values. */
function apart(got: LoraParameters, expected: LoraParameters): { readonly worst: number; readonly mean: number } {
  let [worst, difference, length] = [0, 0, 0];
  for (const [name, values] of expected) {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    values.forEach((value, i) => {
      const error = value - (got.get(name)?.[i] ?? Number.NaN);
      worst = Math.max(worst, Math.abs(error) / largest);
      difference += error ** 2;
      length += value ** 2;
    });
  }
  return { worst: Number(worst.toPrecision(2)), mean: Number(Math.sqrt(difference / length).toPrecision(2)) };
}
