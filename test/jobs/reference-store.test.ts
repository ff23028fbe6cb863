/** @file Reference log-probabilities that outlive their run. */
import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { StorageError } from '#contract/errors.ts';
import type { Completion } from '#engine/train/reference-pass.ts';
import { ReferenceStore } from '#jobs/reference-store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const MODEL = 'a'.repeat(64);
const ADAPTER = 'b'.repeat(64);

const completion = (prompt: readonly number[], answer: readonly number[]): Completion => ({
  prompt: Int32Array.from(prompt),
  completion: Int32Array.from(answer),
});
const FIRST = completion([1, 2], [3]);
const SECOND = completion([1, 2], [4, 5]);

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await temporaryFolder();
});

const open = (model = MODEL, adapter: string | null = null) => ReferenceStore.open(cacheDir, model, adapter);
const fileOf = (name = MODEL) => join(cacheDir, 'reference_logps', `${name}.safetensors`);

async function saved(...entries: readonly (readonly [Completion, number])[]): Promise<ReferenceStore> {
  const store = await open();
  for (const [of, logp] of entries) store.add(of, logp);
  await store.save();
  return store;
}

describe('a store of reference log-probabilities', () => {
  it('knows nothing at first', async () => {
    expect((await open()).get(FIRST)).toBeUndefined();
  });

  it('knows what was added, and still does when it is opened again', async () => {
    const store = await saved([FIRST, -1.5], [SECOND, Math.fround(-20.1)]);
    expect([store.get(FIRST), store.get(SECOND)]).toEqual([-1.5, Math.fround(-20.1)]);
    const again = await open();
    expect([again.get(FIRST), again.get(SECOND)]).toEqual([-1.5, Math.fround(-20.1)]);
    expect(again.get(completion([1, 2], [5, 4]))).toBeUndefined();
  });

  it('finds tokens by what they are, not by the array that holds them', async () => {
    const store = await saved([FIRST, -1.5]);
    const whole = Int32Array.of(9, 1, 2, 3, 9);
    expect(store.get({ prompt: whole.subarray(1, 3), completion: whole.subarray(3, 4) })).toBe(-1.5);
  });

  it('does not confuse where the prompt ends', async () => {
    const store = await saved([completion([1, 2], [3]), -1], [completion([1], [2, 3]), -2], [completion([], [1, 2, 3]), -3]);
    expect([completion([1, 2], [3]), completion([1], [2, 3]), completion([], [1, 2, 3])].map((one) => store.get(one))).toEqual([
      -1, -2, -3,
    ]);
    expect(store.get(completion([1, 2, 3], []))).toBeUndefined();
  });

  it('keeps the first value of a completion', async () => {
    const store = await saved([FIRST, -1], [FIRST, -2]);
    expect(store.get(FIRST)).toBe(-1);
    store.add(FIRST, -3);
    await store.save();
    expect((await open()).get(FIRST)).toBe(-1);
  });

  it('holds hundreds of entries', async () => {
    const entries = Array.from({ length: 500 }, (_, i) => [completion([1, i], [2, i % 7]), -i] as const);
    await saved(...entries);
    const again = await open();
    expect(entries.every(([of, logp]) => again.get(of) === logp || (logp === 0 && again.get(of) === 0))).toBe(true);
  });

  it('is one for each model, and for each adapter that is a reference', async () => {
    await saved([FIRST, -1]);
    expect((await open('c'.repeat(64))).get(FIRST)).toBeUndefined();
    const adapted = await open(MODEL, ADAPTER);
    expect(adapted.get(FIRST)).toBeUndefined();
    adapted.add(FIRST, -2);
    await adapted.save();
    expect((await open()).get(FIRST)).toBe(-1);
    expect((await open(MODEL, ADAPTER)).get(FIRST)).toBe(-2);
    expect((await readdir(join(cacheDir, 'reference_logps'))).toSorted()).toEqual([
      `${MODEL}-${ADAPTER}.safetensors`,
      `${MODEL}.safetensors`,
    ]);
  });
});

describe('writing', () => {
  it('leaves everything as it was where nothing is new', async () => {
    await (await open()).save();
    expect(await readdir(cacheDir)).toEqual([]);
    const store = await saved([FIRST, -1]);
    const { mtimeMs, ino } = await stat(fileOf());
    await store.save();
    const again = await open();
    again.add(FIRST, -7);
    await again.save();
    expect(await stat(fileOf())).toMatchObject({ mtimeMs, ino });
  });

  it('keeps what another run has written meanwhile', async () => {
    const [one, other] = [await open(), await open()];
    one.add(FIRST, -1);
    other.add(SECOND, -2);
    await one.save();
    await other.save();
    const again = await open();
    expect([again.get(FIRST), again.get(SECOND)]).toEqual([-1, -2]);
  });

  it('does not overwrite what another run has written meanwhile', async () => {
    const [one, other] = [await open(), await open()];
    one.add(FIRST, -1);
    other.add(FIRST, -1.25);
    await one.save();
    await other.save();
    expect((await open()).get(FIRST)).toBe(-1);
    // The run itself goes on with the number it began with.
    expect(other.get(FIRST)).toBe(-1.25);
  });

  it('goes on after it has been saved', async () => {
    const store = await saved([FIRST, -1]);
    store.add(SECOND, -2);
    await store.save();
    const again = await open();
    expect([again.get(FIRST), again.get(SECOND)]).toEqual([-1, -2]);
  });

  it('says so where it cannot', async () => {
    await writeFile(join(cacheDir, 'reference_logps'), 'a file where the folder should be');
    const store = await open();
    store.add(FIRST, -1);
    await expect(store.save()).rejects.toThrow(StorageError);
  });
});

describe('a file that is damaged', () => {
  it.each([
    ['is cut short', async () => truncate(fileOf(), (await readFile(fileOf())).length - 3)],
    ['is empty', () => truncate(fileOf(), 0)],
    ['is text', () => writeFile(fileOf(), 'log-probabilities')],
  ])('because it %s counts as empty, and is replaced', async (_what, damage) => {
    await saved([FIRST, -1], [SECOND, -2]);
    await damage();
    const store = await open();
    expect(store.get(FIRST)).toBeUndefined();
    store.add(FIRST, -3);
    await store.save();
    const again = await open();
    expect([again.get(FIRST), again.get(SECOND)]).toEqual([-3, undefined]);
  });

  it('because other tensors are in it counts as empty', async () => {
    await mkdir(join(cacheDir, 'reference_logps'));
    const header = JSON.stringify({ logps: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }).padEnd(64);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    await writeFile(fileOf(), Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)]));
    expect((await open()).get(FIRST)).toBeUndefined();
  });

  it('because there are fewer keys than values counts as empty', async () => {
    await mkdir(join(cacheDir, 'reference_logps'));
    const header = JSON.stringify({
      keys: { dtype: 'U8', shape: [1, 16], data_offsets: [0, 16] },
      logps: { dtype: 'F32', shape: [3], data_offsets: [16, 28] },
    }).padEnd(128);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    await writeFile(fileOf(), Buffer.concat([length, Buffer.from(header), Buffer.alloc(28, 1)]));
    const store = await open();
    store.add(FIRST, -1);
    await store.save();
    expect((await open()).get(FIRST)).toBe(-1);
    expect((await readFile(fileOf())).toString('latin1')).toContain('"shape":[1,16]');
  });
});
