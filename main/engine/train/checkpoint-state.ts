/** @file What a checkpoint holds, so that a run continued from it ends in the same adapter, bit for bit. Files are written elsewhere. */
import { z } from 'zod';
import { FormatError, SettingsError } from '#contract/errors.ts';
import type { AdamWState } from './adamw.ts';
import { TrainingSettings } from './settings.ts';

const count = z.number().int().min(0);

/**
 * The JSON part. Beside it stand two tensor files: the adapter, and the moments of AdamW under the names of `optimizerTensors`.
 * Neither the order of rows and blocks nor a random state is stored: every random sequence follows from the seed (and the epoch), so the
 * settings, the step and the fingerprint of the data say it all.
 */
export const CheckpointState = z.strictObject({
  version: z.literal(1),
  /** Optimizer steps done, which are AdamW's too; gives the place in the epoch and in the learning-rate schedule. */
  step: count,
  /** As logged with that step. */
  epoch: z.number().min(0),
  settings: TrainingSettings,
  /** Fingerprint of the tokenised training rows in their order. */
  dataHash: z.string().min(1),
  /** Fingerprint of the base model's weights. */
  modelHash: z.string().min(1),
  /** What was measured since the last log. */
  metrics: z.strictObject({
    sums: z.record(z.string(), z.strictObject({ sum: z.number(), count })),
    lossSum: z.number(),
    steps: count,
    allLossSum: z.number(),
    allSteps: count,
    tokens: count,
  }),
});
export type CheckpointState = Readonly<z.infer<typeof CheckpointState>>;

/** Settings that change what is seen of a run, not what comes out of it. */
const FREE_TO_CHANGE: ReadonlySet<string> = new Set(['logging_steps', 'eval_steps', 'save_steps', 'per_device_eval_batch_size']);

const FIRST = 'exp_avg.';
const SECOND = 'exp_avg_sq.';

/** @throws {FormatError} naming the field that is missing or wrong */
export function parseCheckpointState(json: unknown, file: string): CheckpointState {
  const parsed = CheckpointState.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || (issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'the whole file');
  throw new FormatError(
    `${file} is not a checkpoint this version can continue: ${field} is missing or wrong. Resume from another checkpoint.`,
    {
      file,
      field,
    },
  );
}

/**
 * @throws {SettingsError} naming what differs from the run that wrote the checkpoint: continuing would give neither run's adapter
 */
export function checkResumable(
  checkpoint: CheckpointState,
  now: { readonly settings: TrainingSettings; readonly dataHash: string; readonly modelHash: string },
): void {
  for (const key of Object.keys(TrainingSettings.shape) as (keyof TrainingSettings)[]) {
    const [then, wanted] = [JSON.stringify(checkpoint.settings[key]), JSON.stringify(now.settings[key])];
    if (FREE_TO_CHANGE.has(key) || then === wanted) continue;
    throw new SettingsError(`The checkpoint was made with ${key} ${then}, now it is ${wanted}. Set it back, or start a new run.`, {
      field: key,
    });
  }
  const different = now.dataHash === checkpoint.dataHash ? (now.modelHash === checkpoint.modelHash ? null : 'base model') : 'training rows';
  if (different === null) return;
  throw new SettingsError(`The ${different} changed since the checkpoint was made. Restore what was used then, or start a new run.`, {
    field: different === 'base model' ? 'model' : 'data',
  });
}

/** AdamW's moments under PyTorch's names, followed by the parameter's: `exp_avg.<name>` and `exp_avg_sq.<name>`. */
export function optimizerTensors(state: AdamWState): Map<string, Float32Array> {
  const tensors = new Map<string, Float32Array>();
  for (const [name, values] of state.firstMoments) tensors.set(FIRST + name, values);
  for (const [name, values] of state.secondMoments) tensors.set(SECOND + name, values);
  return tensors;
}

/** The inverse of `optimizerTensors`; `AdamW.restore` checks that every parameter is there. */
export function optimizerState(tensors: ReadonlyMap<string, Float32Array>, step: number): AdamWState {
  const withPrefix = (prefix: string): Map<string, Float32Array> =>
    new Map([...tensors].filter(([name]) => name.startsWith(prefix)).map(([name, values]) => [name.slice(prefix.length), values]));
  return { step, firstMoments: withPrefix(FIRST), secondMoments: withPrefix(SECOND) };
}
