/** @file Adapters in both directions between PEFT and Prospect: the same bytes, and the same log-probabilities of the same rows. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import type { Adapter } from '#engine/adapter/adapter.ts';
import { checkAdapterFits } from '#engine/adapter/check-adapter-fits.ts';
import { resolveTargetModules } from '#engine/adapter/target-modules.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { promptTree } from '#engine/model/segment-tree.ts';
import { EVERYTHING_AT_ONCE } from '#engine/train/memory-plan.ts';
import { RowPass } from '#engine/train/row-pass.ts';
import { readAdapterFolder, writeAdapterFolder } from '#io/adapter-folder.ts';
import { seededAdapters } from '#test/golden/generators/write-adapters.ts';
import { adapterParameters } from '#test/support/adapter-parameters.ts';
import { loadModel } from '#test/support/load-model.ts';
import type { LoadedModel } from '#test/support/load-model.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const GOLDEN = join(import.meta.dirname, '../golden');
const PEFT = join(GOLDEN, 'peft');
const WEIGHTS = 'adapter_model.safetensors';
/**
 * Relative. Both sides compute in float32 from the same stored values and differ only in the order of sums: PEFT against itself, with the
 * adapter merged into the weights, is up to 5e-7 apart (Prospect 1e-7), and other processors sum in other orders. A wrong rank, scaling or
 * module moves these log-probabilities by 1e-3 and more.
 */
const TOLERANCE = 1e-5;
/** By how much an adapter must change a row for the comparison to mean something. */
const SMALLEST_EFFECT = 1e-3;

interface Recorded {
  readonly rows: readonly { readonly prompt: readonly number[]; readonly completion: readonly number[] }[];
  readonly base_logps: Readonly<Record<string, readonly number[]>>;
  readonly adapters: Readonly<
    Record<string, { model: string; logps: readonly number[]; merged_logps: readonly number[]; merged_ok: boolean }>
  >;
}

const recorded = JSON.parse(await readFile(join(PEFT, 'roundtrip.json'), 'utf8')) as Recorded;
const models = new Map<string, LoadedModel>();

beforeAll(async () => {
  for (const name of Object.keys(recorded.base_logps)) models.set(name, await loadModel(join(GOLDEN, name)));
});

describe('PEFT and Prospect give the same log-probabilities with', () => {
  it.each(Object.keys(recorded.base_logps))('no adapter on %s', async (name) => {
    expect(
      worstGap(await logProbs(models.get(name) as LoadedModel, null), recorded.base_logps[name] as readonly number[]),
    ).toBeLessThanOrEqual(TOLERANCE);
  });

  it.each(Object.keys(recorded.adapters))('%s', async (folder) => {
    const expected = recorded.adapters[folder] as Recorded['adapters'][string];
    const logps = await logProbs(models.get(expected.model) as LoadedModel, await readAdapterFolder(join(PEFT, folder)));
    expect(worstGap(logps, expected.logps)).toBeLessThanOrEqual(TOLERANCE);
    expect(expected.merged_ok).toBe(true);
    expect(worstGap(logps, expected.merged_logps)).toBeLessThanOrEqual(TOLERANCE);
    expect(worstGap(logps, recorded.base_logps[expected.model] as readonly number[])).toBeGreaterThan(SMALLEST_EFFECT);
  });
});

describe('the writer', () => {
  it('still writes the files that PEFT loaded, byte for byte', async () => {
    const adapters = await seededAdapters(GOLDEN);
    expect([...adapters.keys()].toSorted()).toEqual(Object.keys(recorded.adapters).filter((name) => name.startsWith('from-prospect-')));
    for (const [folder, adapter] of adapters) {
      const written = await temporaryFolder();
      await writeAdapterFolder(written, adapter);
      expect(await sameBytes(join(written, 'adapter_config.json'), join(PEFT, folder, 'adapter_config.json'))).toBe(true);
      expect(await sameBytes(join(written, WEIGHTS), join(PEFT, folder, WEIGHTS))).toBe(true);
    }
  });

  test.each(['plain', 'rslora', 'regex', 'patterns', 'layers'])(
    'gives the tensors of from-peft-base-%s the bytes PEFT gave them',
    async (name) => {
      const folder = join(PEFT, `from-peft-base-${name}`);
      const written = await temporaryFolder();
      await writeAdapterFolder(written, await readAdapterFolder(folder));
      expect(await sameBytes(join(written, WEIGHTS), join(folder, WEIGHTS))).toBe(true);
    },
  );
});

/** All rows in one chunk, the first two below one prompt; PEFT was given each row by itself. */
async function logProbs({ config, weights }: LoadedModel, adapter: Adapter | null): Promise<Float32Array> {
  const linear = linearModules(config);
  if (adapter) checkAdapterFits(adapter, linear);
  const modules = adapter ? resolveTargetModules(adapter.config, linear).modules : [];
  expect(modules.map(({ name }) => name).toSorted()).toEqual([...(adapter?.tensors.keys() ?? [])].toSorted());
  const rows = recorded.rows.map(({ prompt, completion }) => ({ prompt: Int32Array.from(prompt), ids: Int32Array.from(completion) }));
  const answers = rows.map(({ ids }, row) => ({ ids, row, stream: 'policy' as const }));
  expect(rows[1]?.prompt).toEqual(rows[0]?.prompt);
  const trees = rows
    .slice(1)
    .map(({ prompt }, i) => promptTree(prompt, i === 0 ? answers.slice(0, 2) : [answers[i + 1] as (typeof answers)[0]]));

  const options = { config, modules, partner: false, objective: { kind: 'none' }, measures: false, memory: EVERYTHING_AT_ONCE } as const;
  const pass = await RowPass.compile(onnxRuntimeBackend({ threads: 1 }), weights, options);
  const longestRow = Math.max(...rows.map(({ prompt, ids }) => prompt.length + ids.length));
  const parameters = adapter ? adapterParameters(adapter) : new Map<string, Float32Array>();
  const { logps } = await pass.run({ trees, rows: rows.map((_, row) => row) }, { parameters, longestRow });
  await pass.release();
  return logps;
}

/** Relative; infinite if the two have not the same length. */
function worstGap(got: Float32Array, expected: readonly number[]): number {
  if (got.length !== expected.length) return Infinity;
  return Math.max(...expected.map((value, i) => Math.abs(((got[i] as number) - value) / value)));
}

async function sameBytes(one: string, other: string): Promise<boolean> {
  return (await readFile(one)).equals(await readFile(other));
}
