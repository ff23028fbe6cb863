/** @file Weights on a device: uploaded once, kept while anyone uses them, gone after the last. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DeviceWeights } from '#backends/device/device-weights.ts';
import { InternalError } from '#contract/errors.ts';
import type { WeightRange } from '#engine/graph/backend.ts';
import { bytesOf } from '#test/support/safetensors-bytes.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

interface Uploaded {
  readonly values: readonly number[];
  readonly shape: readonly number[];
}

async function deviceAndFile() {
  const file = join(await temporaryFolder(), 'weights');
  await writeFile(file, bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6)));
  const uploaded: Uploaded[] = [];
  const freed: Uploaded[] = [];
  const weights = new DeviceWeights<Uploaded>({
    upload: async (values, shape) => {
      const tensor = { values: [...values], shape };
      uploaded.push(tensor);
      return tensor;
    },
    free: (tensor) => void freed.push(tensor),
  });
  const range = (from: number, count: number): WeightRange => ({
    file,
    dtype: 'float32',
    shape: [count],
    byteOffset: 4 * from,
    byteLength: 4 * count,
  });
  return { weights, uploaded, freed, range };
}

describe('weights on a device', () => {
  it('are uploaded once for several names and holders, and freed with the last', async () => {
    const { weights, uploaded, freed, range } = await deviceAndFile();
    const first = await weights.hold(
      new Map([
        ['embedding', range(0, 2)],
        ['head', range(0, 2)],
      ]),
    );
    const second = await weights.hold(
      new Map([
        ['head', range(0, 2)],
        ['norm', range(2, 3)],
      ]),
    );
    expect(uploaded.map(({ values }) => values)).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    expect(first.tensors.get('embedding')).toBe(second.tensors.get('head'));
    await first.giveBack();
    await first.giveBack(); // once is enough, twice does no harm
    expect(freed).toEqual([]);
    await second.giveBack();
    expect(freed).toEqual(uploaded);
    await (await weights.hold(new Map([['norm', range(2, 3)]]))).giveBack();
    expect(uploaded).toHaveLength(3);
  });

  it('that can not be read leave nothing on the device, and are tried again', async () => {
    const { weights, uploaded, freed, range } = await deviceAndFile();
    const broken = new Map([
      ['good', range(0, 2)],
      ['cut off', range(4, 9)],
    ]);
    await expect(weights.hold(broken)).rejects.toThrow(InternalError);
    await expect(weights.hold(broken)).rejects.toThrow('ends before the weight');
    expect(uploaded).toHaveLength(2);
    expect(freed).toHaveLength(2);
  });
});
