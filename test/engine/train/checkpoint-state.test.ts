/** @file What a checkpoint holds, and when a run may continue from it. */
import { describe, expect, it } from 'vitest';
import { FormatError, SettingsError } from '#contract/errors.ts';
import { AdamW } from '#engine/train/adamw.ts';
import {
  checkResumable,
  type CheckpointState,
  optimizerState,
  optimizerTensors,
  parseCheckpointState,
} from '#engine/train/checkpoint-state.ts';
import { MetricsWindow } from '#engine/train/metrics-window.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';

const { settings } = resolveSettings({});
const window = new MetricsWindow();
window.addMicroBatch({ loss: 0.4, microBatches: 2, tokens: 120, metrics: { kl: 0.1, 'rewards/chosen': 0.2 } });
const state: CheckpointState = {
  version: 1,
  step: 7,
  epoch: 1.4,
  settings,
  dataHash: 'd',
  modelHash: 'm',
  metrics: window.state(),
};
const now = { settings, dataHash: 'd', modelHash: 'm' };

describe('parseCheckpointState', () => {
  it('reads back what was written', () => {
    expect(parseCheckpointState(JSON.parse(JSON.stringify(state)), 'state.json')).toEqual(state);
  });

  it.each([
    [{ ...state, step: -1 }, 'step'],
    [{ ...state, version: 2 }, 'version'],
    [{ ...state, metrics: { ...state.metrics, tokens: 'many' } }, 'metrics.tokens'],
    [{ ...state, settings: { ...settings, beta: 0 } }, 'settings.beta'],
    [{ ...state, extra: 1 }, 'extra'],
    ['text', 'the whole file'],
  ])('names the field that is wrong: %#', (json, field) => {
    const parse = () => parseCheckpointState(json, 'state.json');
    expect(parse).toThrow(FormatError);
    expect(parse).toThrow(`state.json is not a checkpoint this version can continue: ${field} is missing or wrong.`);
  });
});

describe('checkResumable', () => {
  it('lets the same run continue, and lets logging, evaluating and saving change', () => {
    expect(() => checkResumable(state, now)).not.toThrow();
    const changed = { ...settings, logging_steps: 5, eval_steps: 3, save_steps: 0.1, per_device_eval_batch_size: 2 };
    expect(() => checkResumable(state, { ...now, settings: changed })).not.toThrow();
  });

  it('names the setting that changed', () => {
    const resume = () => checkResumable(state, { ...now, settings: { ...settings, target_modules: 'all-linear' } });
    expect(resume).toThrow(SettingsError);
    expect(resume).toThrow('The checkpoint was made with target_modules ["q_proj","v_proj"], now it is "all-linear".');
  });

  it('refuses other rows and another model', () => {
    expect(() => checkResumable(state, { ...now, dataHash: 'x' })).toThrow('The training rows changed');
    expect(() => checkResumable(state, { ...now, modelHash: 'x' })).toThrow('The base model changed');
  });
});

describe('optimizerTensors', () => {
  it('keeps the moments of AdamW under the names of PyTorch, there and back', () => {
    const parameters = new Map([['layers.0.q_proj.lora_A.weight', Float32Array.of(1, 2)]]);
    const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
    const optimizer = new AdamW(parameters, options);
    optimizer.step(new Map([['layers.0.q_proj.lora_A.weight', Float32Array.of(0.5, -1)]]), 1e-3);
    const tensors = optimizerTensors(optimizer.state());
    expect([...tensors.keys()]).toEqual(['exp_avg.layers.0.q_proj.lora_A.weight', 'exp_avg_sq.layers.0.q_proj.lora_A.weight']);
    const restored = new AdamW(parameters, options);
    restored.restore(optimizerState(tensors, 1));
    expect(restored.state()).toEqual(optimizer.state());
  });
});
