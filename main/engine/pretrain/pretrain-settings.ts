/** @file The settings of pretraining, under Transformers' names where it has one; checked where they come in. */
import { z } from 'zod';
import { SettingsError } from '#contract/errors.ts';

const count = z.number().int().min(1);
const share = z.number().min(0).lt(1);

export const PretrainSettings = z.strictObject({
  max_steps: count,
  /** Texts are packed side by side into rows of this many tokens; a longer text is cut. */
  context_length: z.number().int().min(2),
  /** Rows of a step. */
  per_device_train_batch_size: count,
  learning_rate: z.number().gt(0),
  lr_scheduler_type: z.enum(['linear', 'cosine', 'constant', 'constant_with_warmup']).default('cosine'),
  /** Below 1 a share of the run. */
  warmup_steps: z.number().min(0).default(0),
  /** Of matrices; norms and biases are not decayed. */
  weight_decay: z.number().min(0).default(0),
  adam_beta1: share.default(0.9),
  adam_beta2: share.default(0.95),
  adam_epsilon: z.number().gt(0).default(1e-8),
  /** 0 switches clipping off. */
  max_grad_norm: z.number().min(0).default(1),
  /** Standard deviation of the first weights; what adds to the residual stream begins smaller by √(2·layers). */
  initializer_range: z.number().gt(0).default(0.02),
  seed: z.number().int().min(0).default(42),
  logging_steps: count.default(10),
  eval_steps: count.default(200),
  save_steps: count.default(200),
});
export type PretrainSettings = Readonly<z.infer<typeof PretrainSettings>>;

/** @throws {SettingsError} naming the first setting that is missing, unknown or out of range */
export function parsePretrainSettings(value: unknown, file: string): PretrainSettings {
  const parsed = PretrainSettings.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : (issue?.path.join('.') ?? '');
  const problem = issue?.code === 'unrecognized_keys' ? 'is not a setting of pretraining' : `is wrong: ${issue?.message ?? 'unreadable'}`;
  throw new SettingsError(`${file}: \`training.${field}\` ${problem}.`, { field });
}
