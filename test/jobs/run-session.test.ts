import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SettingsError } from '#contract/errors.ts';
import { parseRow } from '#engine/data/parse-row.ts';
import { EVERYTHING_AT_ONCE } from '#engine/train/memory-plan.ts';
import { chooseEngine } from '#engines/choose-engine.ts';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { openModel } from '#jobs/open-model.ts';
import type { OpenedModel } from '#jobs/open-model.ts';
import { prepareData } from '#jobs/prepare-data.ts';
import { openSession } from '#jobs/run-session.ts';
import type { RunSession, SessionOptions } from '#jobs/run-session.ts';
import { checkpointAt } from '#test/support/checkpoints.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL, tokenExamples } from '#test/support/training-runs.ts';

const ADAPTER = `${BASE_MODEL}/../kto_default/adapter_final`;

let model: OpenedModel;
let cacheDir: string;
beforeAll(async () => {
  cacheDir = await temporaryFolder();
  model = await openModel(BASE_MODEL, { cacheDir });
});

const opened: RunSession[] = [];
afterEach(async () => {
  for (const session of opened.splice(0)) await session.method.release();
});

interface Changes {
  readonly settings?: Record<string, unknown>;
  readonly rows?: number;
  readonly more?: Partial<SessionOptions>;
}

async function open({ settings: given = {}, rows = 8, more = {} }: Changes = {}): Promise<RunSession> {
  const { settings } = resolveSettings({ per_device_train_batch_size: 4, ...given });
  const train = { file: 'rows.jsonl', rows: tokenExamples(rows).map((row, i) => parseRow(row, { file: 'rows.jsonl', row: i + 1 })) };
  const data = await prepareData(train, null, { settings, modelDir: BASE_MODEL, vocabSize: 259, startedAt: new Date(0), badRows: 'stop' });
  const session = await openSession({
    chosen: await chooseEngine(null, { cacheDir }),
    model,
    data,
    settings,
    adapterInitDir: null,
    checkpoint: null,
    memory: { ...EVERYTHING_AT_ONCE, chunkTokens: 256 },
    cacheDir,
    earlier: null,
    signal: new AbortController().signal,
    ...more,
  });
  opened.push(session);
  return session;
}

describe('the key of reference log-probabilities', () => {
  it('stays for what they do not depend on, and changes for what they do', async () => {
    const key = async (changes: Changes = {}) => (await open(changes)).referenceKey;
    const original = await key();
    const free = { learning_rate: 0.1, lora_r: 2, num_train_epochs: 5, beta: 0.5, save_steps: 3, desirable_weight: 2 };
    expect(await key({ settings: free })).toBe(original);
    const others = [
      await key({ rows: 9 }),
      await key({ settings: { seed: 1 } }),
      await key({ settings: { shuffle: false } }),
      await key({ settings: { per_device_train_batch_size: 2 } }),
      await key({ settings: { loss_type: 'apo_zero_unpaired' } }),
      await key({ settings: { max_length: 5 } }),
      await key({ settings: { max_steps: 1 } }),
      await key({ more: { adapterInitDir: ADAPTER } }),
      await key({ more: { memory: { ...EVERYTHING_AT_ONCE, chunkTokens: 128 } } }),
      await key({ more: { chosen: { engine: 'tfjs:wasm', backend: onnxRuntimeBackend(), notes: [] } } }),
    ];
    expect(new Set([original, ...others]).size).toBe(11);
  });
});

describe('openSession', () => {
  it('starts at step 0 with a fresh adapter', async () => {
    const { trainer, adapter, adapterInitHash } = await open();
    expect(trainer.state().step).toBe(0);
    expect([adapter.config.r, adapterInitHash]).toEqual([8, null]);
  });

  it('refuses a checkpoint of another run before anything is compiled', async () => {
    const session = open({ more: { checkpoint: checkpointAt(3) } });
    await expect(session).rejects.toThrow(SettingsError);
    await expect(session).rejects.toThrow('The checkpoint was made with per_device_train_batch_size 8, now it is 4.');
  });
});
