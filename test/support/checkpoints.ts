/** @file A small checkpoint, as a run over one linear module would make it. */
import { DEFAULT_LORA_CONFIG } from '#engine/adapter/lora-config.ts';
import { AdamW } from '#engine/train/adamw.ts';
import { MetricsWindow } from '#engine/train/metrics-window.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import type { Checkpoint } from '#jobs/checkpoint-files.ts';

const MODULE = 'model.layers.0.self_attn.q_proj';

/** Different numbers for every step. */
export function checkpointAt(step: number): Checkpoint {
  const a = Float32Array.from({ length: 6 }, (_, i) => Math.fround(step + i / 10));
  const b = Float32Array.from({ length: 8 }, (_, i) => Math.fround(-step - i / 7));
  const parameters = new Map([
    [`${MODULE}.lora_A.weight`, a],
    [`${MODULE}.lora_B.weight`, b],
  ]);
  const optimizer = new AdamW(parameters, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 });
  optimizer.step(new Map([...parameters].map(([name, values]) => [name, values.map((value) => value / 3)])), 1e-3);
  const metrics = new MetricsWindow();
  metrics.addMicroBatch({ loss: 1 / 3, microBatches: 2, tokens: 10 * step, metrics: { kl: 0.1, 'rewards/chosen': -1 / 7 } });
  const { settings } = resolveSettings({});
  return {
    state: {
      version: 1,
      step,
      epoch: step / 7,
      settings,
      dataHash: 'd',
      modelHash: 'm',
      metrics: { ...metrics.state(), sums: { ...metrics.state().sums } },
    },
    adapter: {
      config: { ...DEFAULT_LORA_CONFIG, r: 2, targetModules: [MODULE] },
      tensors: new Map([[MODULE, { loraA: { data: a, rows: 2, cols: 3 }, loraB: { data: b, rows: 4, cols: 2 } }]]),
    },
    optimizer: { ...optimizer.state(), step },
  };
}
