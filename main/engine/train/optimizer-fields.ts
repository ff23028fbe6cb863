/** @file The settings of the optimizer and its learning rate. */
import { choiceSetting, numberSetting } from './setting-field.ts';

export const OPTIMIZER_FIELDS = {
  learning_rate: numberSetting({
    label: 'Learning rate',
    sentence: 'The size of each step at its peak: the setting that matters most.',
    default: 1e-6,
    min: 0,
    open: 'min',
  }),
  lr_scheduler_type: choiceSetting({
    label: 'Learning rate schedule',
    sentence: 'How the learning rate falls during the run; constant does not warm up.',
    values: ['linear', 'cosine', 'constant', 'constant_with_warmup'],
    default: 'linear',
  }),
  warmup_steps: numberSetting({
    label: 'Warm-up',
    sentence: 'Steps in which the learning rate grows from 0 to its peak; below 1 it is a share of the run.',
    default: 0,
    min: 0,
  }),
  optim: choiceSetting({
    label: 'Optimizer',
    sentence: 'All of these names are AdamW with 32-bit state here; they differ only in where other software keeps that state.',
    values: ['adamw_torch', 'adamw_torch_fused', 'paged_adamw_32bit', 'paged_adamw'],
    default: 'adamw_torch_fused',
  }),
  weight_decay: numberSetting({
    label: 'Weight decay',
    sentence: 'Pulls the adapter towards zero at every step.',
    default: 0,
    min: 0,
  }),
  adam_beta1: numberSetting({
    label: 'Adam beta 1',
    sentence: 'How long the optimizer remembers the direction of earlier steps.',
    default: 0.9,
    min: 0,
    max: 1,
    open: 'max',
  }),
  adam_beta2: numberSetting({
    label: 'Adam beta 2',
    sentence: 'How long the optimizer remembers the size of earlier gradients.',
    default: 0.999,
    min: 0,
    max: 1,
    open: 'max',
  }),
  // Not 0: LoRA A has a zero gradient at the first step, and 0/0 would make it NaN.
  adam_epsilon: numberSetting({
    label: 'Adam epsilon',
    sentence: 'A small number that keeps the optimizer from dividing by zero.',
    default: 1e-8,
    min: 0,
    open: 'min',
  }),
  max_grad_norm: numberSetting({
    label: 'Gradient clipping',
    sentence: 'Longer gradients are scaled down to this length; 0 switches it off.',
    default: 1,
    min: 0,
  }),
};
