/** @file The run that tests of runs make, apart from what needs vitest. */
import { join } from 'node:path';

export const WORKER = join(import.meta.dirname, '../../main/jobs/worker.ts');

/** 36 steps of a few milliseconds. */
export const SETTINGS = {
  per_device_train_batch_size: 2,
  num_train_epochs: 6,
  learning_rate: 1e-2,
  logging_steps: 1,
  eval_ratio: 0.2,
  eval_steps: 6,
  save_steps: 4,
};
export const STEPS = 36;
