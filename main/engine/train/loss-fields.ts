/** @file The settings of the method and its loss. */
import { DPO_LOSS_TYPES } from './dpo-losses.ts';
import { choiceSetting, numberSetting } from './setting-field.ts';

export const LOSS_TYPES = { kto: ['kto', 'apo_zero_unpaired'], dpo: DPO_LOSS_TYPES } as const;

export const LOSS_FIELDS = {
  method: choiceSetting({
    label: 'Method',
    sentence: 'KTO learns from single answers marked good or bad, DPO from pairs of a better and a worse answer.',
    values: ['kto', 'dpo'],
    default: 'kto',
  }),
  loss_type: choiceSetting({
    label: 'Loss',
    sentence: 'The formula that turns answers into a loss; the default is kto for KTO and sigmoid for DPO.',
    values: [...LOSS_TYPES.kto, ...LOSS_TYPES.dpo],
    default: 'kto',
  }),
  beta: numberSetting({
    label: 'Beta',
    sentence: 'How strongly the model is held near the base model: higher means it moves away less.',
    default: 0.1,
    min: 0,
    open: 'min',
  }),
  desirable_weight: numberSetting({
    label: 'Weight of desirable examples',
    sentence: 'Multiplies the loss of desirable examples, to make up for having fewer or more of them.',
    default: 1,
    min: 0,
    appliesTo: 'kto',
  }),
  undesirable_weight: numberSetting({
    label: 'Weight of undesirable examples',
    sentence: 'Multiplies the loss of undesirable examples, to make up for having fewer or more of them.',
    default: 1,
    min: 0,
    appliesTo: 'kto',
  }),
  label_smoothing: numberSetting({
    label: 'Label smoothing',
    sentence: 'The share of pairs assumed to be marked the wrong way round; used by robust, exo_pair, aot and aot_unpaired.',
    default: 0,
    min: 0,
    max: 0.5,
    open: 'max',
    appliesTo: 'dpo',
  }),
  discopop_tau: numberSetting({
    label: 'DiscoPOP temperature',
    sentence: 'Where the discopop loss changes over from its logistic to its exponential part.',
    default: 0.05,
    min: 0,
    open: 'min',
    appliesTo: 'dpo',
  }),
};
