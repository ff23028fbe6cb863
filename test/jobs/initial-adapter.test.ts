import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { SettingsError, ShapeError } from '#contract/errors.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { readAdapterFolder, writeAdapterFolder } from '#io/adapter-folder.ts';
import { adapterFromFolder, freshAdapter, toAdapter, trainable } from '#jobs/initial-adapter.ts';
import { openModel } from '#jobs/open-model.ts';
import type { OpenedModel } from '#jobs/open-model.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';

const STORED = join(BASE_MODEL, '../dpo_adapter_init');

let model: OpenedModel;
beforeAll(async () => {
  model = await openModel(BASE_MODEL, { cacheDir: await temporaryFolder() });
});

const settings = (more: Record<string, unknown> = {}) => resolveSettings(more).settings;

describe('a fresh adapter', () => {
  it('changes nothing yet: B is 0, and A is uniform as PEFT draws it', () => {
    const { modules, parameters, config } = freshAdapter(model, settings({ lora_r: 64, target_modules: 'all-linear' }));
    expect(config).toMatchObject({ r: 64, loraAlpha: 8, baseModelNameOrPath: BASE_MODEL });
    expect(modules).toHaveLength(14);
    expect(parameters.size).toBe(28);
    for (const { name, inFeatures, outFeatures } of modules) {
      expect(parameters.get(`${name}.lora_B.weight`)).toEqual(new Float32Array(outFeatures * 64));
      const a = parameters.get(`${name}.lora_A.weight`) as Float32Array;
      const bound = 1 / Math.sqrt(inFeatures);
      expect(a).toHaveLength(64 * inFeatures);
      const sum = a.reduce((total, value) => total + value, 0);
      const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeGreaterThan(0.98 * bound);
      // The mean of n uniform numbers spreads by bound / √(3n).
      expect(Math.abs(sum / a.length)).toBeLessThan((4 * bound) / Math.sqrt(3 * a.length));
    }
  });

  it('depends on the seed, and on nothing else', () => {
    const a = (more: Record<string, unknown>) => [...freshAdapter(model, settings(more)).parameters.values()][0];
    expect(a({ seed: 1 })).toEqual(a({ seed: 1, learning_rate: 1, per_device_train_batch_size: 4 }));
    expect(a({ seed: 1 })).not.toEqual(a({ seed: 2 }));
  });

  it('leaves out what the model does not have, and says so', () => {
    const { modules, notes } = freshAdapter(model, settings({ target_modules: ['q_proj', 'query'] }));
    expect(modules.map(({ name }) => name)).toEqual(['model.layers.0.self_attn.q_proj', 'model.layers.1.self_attn.q_proj']);
    expect(notes).toEqual(['No module of the model is called query; it is left out of the adapter.']);
    expect(() => freshAdapter(model, settings({ target_modules: ['query'] }))).toThrow(SettingsError);
  });
});

describe('an adapter from a folder', () => {
  it('goes through training and back without a change', async () => {
    const stored = await readAdapterFolder(STORED);
    const adapter = await adapterFromFolder(STORED, model);
    expect(toAdapter(adapter, adapter.parameters)).toEqual({ config: stored.config, tensors: stored.tensors });
    const dir = await temporaryFolder();
    await writeAdapterFolder(dir, toAdapter(adapter, adapter.parameters));
    expect((await readAdapterFolder(dir)).tensors).toEqual(stored.tensors);
  });

  it('is copied, so that training does not change what was read', async () => {
    const stored = await readAdapterFolder(STORED);
    const before = structuredClone([...stored.tensors]);
    for (const values of trainable(stored, model).parameters.values()) values.fill(9);
    expect([...stored.tensors]).toEqual(before);
  });

  it('must fit the model', async () => {
    const stored = await readAdapterFolder(STORED);
    const tensors = new Map(
      [...stored.tensors].map(([name, { loraA, loraB }]) => {
        const wide = { rows: loraA.rows, cols: loraA.cols + 1, data: new Float32Array(loraA.rows * (loraA.cols + 1)) };
        return [name, { loraA: wide, loraB }];
      }),
    );
    expect(() => trainable({ ...stored, tensors }, model)).toThrow(ShapeError);
  });
});
