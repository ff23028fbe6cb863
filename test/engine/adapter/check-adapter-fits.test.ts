import { describe, expect, it } from 'vitest';
import { ShapeError } from '#contract/errors.ts';
import type { Adapter, LoraFactorPair } from '#engine/adapter/adapter.ts';
import { checkAdapterFits } from '#engine/adapter/check-adapter-fits.ts';
import { DEFAULT_LORA_CONFIG } from '#engine/adapter/lora-config.ts';

const MODULES = new Map([0, 1].map((layer) => [`model.layers.${layer}.self_attn.q_proj`, { in: 6, out: 4 }]));

const pair = (inputs: number, outputs: number): LoraFactorPair => ({
  loraA: { data: new Float32Array(8 * inputs), rows: 8, cols: inputs },
  loraB: { data: new Float32Array(8 * outputs), rows: outputs, cols: 8 },
});

function adapterOf(tensors: Readonly<Record<string, LoraFactorPair>>, base: string | null = null): Adapter {
  return {
    config: { ...DEFAULT_LORA_CONFIG, targetModules: ['q_proj'], baseModelNameOrPath: base },
    tensors: new Map(Object.entries(tensors)),
  };
}

describe('checking that an adapter fits a model', () => {
  const first = 'model.layers.0.self_attn.q_proj';
  const second = 'model.layers.1.self_attn.q_proj';

  it('accepts an adapter of all target modules', () => {
    expect(() => checkAdapterFits(adapterOf({ [first]: pair(6, 4), [second]: pair(6, 4) }), MODULES)).not.toThrow();
  });

  it('refuses a module that the model does not have, and names the model the adapter was made for', () => {
    const check = () => checkAdapterFits(adapterOf({ 'model.layers.7.self_attn.q_proj': pair(6, 4) }, 'org/big-model'), MODULES);
    expect(check).toThrow(ShapeError);
    expect(check).toThrow(
      'The adapter was made for another model: it adapts model.layers.7.self_attn.q_proj, which this model does not have. ' +
        'Choose the model it was made for (its configuration names org/big-model).',
    );
  });

  it('refuses another width on either side', () => {
    const wide =
      /at model\.layers\.0\.self_attn\.q_proj it expects 7 inputs and 4 outputs, but this model has 6 and 4\. Choose the model it was made for\.$/;
    expect(() => checkAdapterFits(adapterOf({ [first]: pair(7, 4) }), MODULES)).toThrow(wide);
    expect(() => checkAdapterFits(adapterOf({ [first]: pair(6, 5) }), MODULES)).toThrow(/it expects 6 inputs and 5 outputs/);
  });

  it('refuses an adapter that lacks layers of the model', () => {
    expect(() => checkAdapterFits(adapterOf({ [first]: pair(6, 4) }), MODULES)).toThrow(
      /it has no tensors for model\.layers\.1\.self_attn\.q_proj of this model, although its `target_modules` include them/,
    );
  });
});
