/** @file What Prospect exports against what TRL, PEFT and transformers made of it. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRunSource } from '#exports/run-source.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import type { SafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { scoreSequences } from '#jobs/score-sequences.ts';
import { EXPORT_BASE, exportEverything, METHODS, trainForExport } from '#test/support/export-runs.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const GOLDEN = join(import.meta.dirname, '../golden/exports');
/** Four steps between neighbouring float32 numbers below 1. */
const EXACT = 2.5e-7;
/** Rewards and log-probabilities are differences of sums over a hundred tokens in float32. */
const SUMS = 2e-5;

interface Expected {
  readonly sequences: readonly (readonly number[])[];
  readonly methods: Readonly<
    Record<
      string,
      { readonly steps: readonly Record<string, number>[]; readonly peft: readonly number[]; readonly merged: readonly number[] }
    >
  >;
}

const expected = JSON.parse(await readFile(join(GOLDEN, 'expected.json'), 'utf8')) as Expected;

describe.each(METHODS)('%s', (method) => {
  let runDir = '';
  let out = '';

  beforeAll(async () => {
    const folder = await temporaryFolder();
    runDir = await trainForExport(method, folder);
    out = join(folder, 'exports');
    await exportEverything(method, runDir, out);
  }, 60_000);

  it('writes the very job that TRL was given', async () => {
    for (const name of [
      'train.jsonl',
      'eval.jsonl',
      'train.py',
      'requirements.txt',
      'accelerate-fsdp.yaml',
      'adapter_init/adapter_model.safetensors',
    ]) {
      const [made, golden] = await Promise.all(
        [join(out, `${method}-job`, name), join(GOLDEN, `${method}-job`, name)].map((file) => readFile(file)),
      );
      expect({ name, isSame: golden !== undefined && made?.equals(golden) }).toEqual({ name, isSame: true });
    }
  });

  it('has trained as TRL does from that job, step by step', async () => {
    const { metrics } = await openRunSource(runDir, null);
    const own = metrics.filter(({ loss }) => loss !== undefined);
    const steps = expected.methods[method]?.steps ?? [];
    expect(steps).toHaveLength(3);
    for (const [i, step] of steps.entries()) {
      for (const key of ['loss', 'grad_norm', 'learning_rate']) {
        expect(Math.abs((own[i]?.[key] as number) - (step[key] as number))).toBeLessThanOrEqual(
          EXACT * Math.max(1, Math.abs(step[key] as number)),
        );
      }
      const sums = Object.keys(step).filter((key) => /^(?:rewards\/|kl$)/.test(key));
      expect(sums.length).toBeGreaterThanOrEqual(3);
      for (const key of sums) expect(Math.abs((own[i]?.[key] as number) - (step[key] as number))).toBeLessThanOrEqual(SUMS);
    }
  });

  it.each([
    ['PEFT', 'adapter', 'peft'],
    ['transformers', 'merged', 'merged'],
  ] as const)('%s loads the %s with the same log-probabilities', async (_, form, key) => {
    const dir = join(GOLDEN, `${method}-${form}`);
    const model = form === 'adapter' ? { modelDir: EXPORT_BASE, adapterDir: dir } : { modelDir: dir, adapterDir: null };
    const sequences = expected.sequences.map((ids) => Int32Array.from(ids));
    const got = await scoreSequences({ ...model, cacheDir: await temporaryFolder(), signal: new AbortController().signal }, sequences);
    expect(got).toHaveLength(4);
    for (const [i, logp] of got.entries())
      expect(Math.abs(logp - (expected.methods[method]?.[key][i] as number))).toBeLessThanOrEqual(1e-4);
  });

  it('is the folders of today: the same adapter and merged weights', async () => {
    for (const name of ['adapter/adapter_model.safetensors', 'merged/model.safetensors']) {
      const [made, golden] = await Promise.all([out, GOLDEN].map((folder) => readSafetensorsHeader(join(folder, `${method}-${name}`))));
      expect([...(made?.tensors.keys() ?? [])]).toEqual([...(golden?.tensors.keys() ?? [])]);
      for (const tensor of golden?.tensors.keys() ?? []) {
        const [a, b] = await Promise.all([made, golden].map((header) => readTensorAsFloat32(header as SafetensorsHeader, tensor)));
        // How a batch is cut to fit the memory decides the order of sums.
        expect(Math.max(...(a ?? []).map((value, i) => Math.abs(value - (b?.[i] as number))))).toBeLessThanOrEqual(2e-6);
      }
    }
    expect((await readdir(join(out, `${method}-adapter`))).sort()).toEqual([
      'README.md',
      'adapter_config.json',
      'adapter_model.safetensors',
      'curves.png',
    ]);
  });
});
