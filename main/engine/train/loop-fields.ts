/** @file The settings of the loop: how long, in what batches, and what happens on the way. */
import { flagSetting, integerSetting, intervalSetting, numberSetting } from './setting-field.ts';

export const LOOP_FIELDS = {
  num_train_epochs: numberSetting({
    label: 'Epochs',
    sentence: 'How often the run goes through all examples.',
    default: 3,
    min: 0,
    open: 'min',
  }),
  max_steps: integerSetting({
    label: 'Maximum steps',
    sentence: 'Above 0 it decides the length of the run instead of the epochs; -1 leaves it to them.',
    default: -1,
    min: -1,
  }),
  per_device_train_batch_size: integerSetting({
    label: 'Batch size',
    sentence: 'Examples (for DPO pairs) computed together; KTO compares the answers within a batch and needs at least 2.',
    default: 8,
    min: 1,
  }),
  per_device_eval_batch_size: integerSetting({
    label: 'Evaluation batch size',
    sentence: 'Examples (for DPO pairs) evaluated together.',
    default: 8,
    min: 1,
  }),
  gradient_accumulation_steps: integerSetting({
    label: 'Gradient accumulation',
    sentence: 'Batches added up before each step, for a larger effective batch in the same memory.',
    default: 1,
    min: 1,
  }),
  seed: integerSetting({
    label: 'Seed',
    sentence: 'The same seed, data and settings give the same adapter.',
    default: 42,
    min: 0,
    max: 0xffff_ffff,
  }),
  shuffle: flagSetting({
    label: 'Shuffle',
    sentence: 'Mixes the examples so that batches hold good and bad answers; off keeps the order of the file, as TRL does.',
    default: true,
  }),
  eval_ratio: numberSetting({
    label: 'Held out for evaluation',
    sentence:
      'The share of prompts kept apart to measure progress on, unless an evaluation file is given; 0 trains on all rows, as TRL does.',
    default: 0,
    min: 0,
    max: 0.5,
  }),
  // TRL logs every 10 steps; runs here are short and watched live, and a window of one step is exact.
  logging_steps: intervalSetting({
    label: 'Log every',
    sentence: 'Steps between two points of the curves, averaged in between; below 1 a share of the run, null once per epoch.',
    default: 1,
  }),
  eval_steps: intervalSetting({
    label: 'Evaluate every',
    sentence: 'Steps between two evaluations; below 1 a share of the run, null once per epoch.',
    default: null,
  }),
  save_steps: intervalSetting({
    label: 'Save every',
    sentence: 'Steps between two checkpoints; below 1 a share of the run, null once per epoch.',
    default: null,
  }),
};
