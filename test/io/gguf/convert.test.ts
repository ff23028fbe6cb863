/** @file From a model folder to a GGUF file: the cache, and what is left when something goes wrong. */
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { cachedAdapterGguf, cachedModelGguf } from '#io/gguf/gguf-cache.ts';
import { convertModelToGguf } from '#io/gguf/convert-model.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const GOLDEN = join(import.meta.dirname, '../../golden');
const BASE = join(GOLDEN, 'trl/base');

it('makes a file once, and another one when weights, type or tokenizer are others', async () => {
  const cacheDir = await temporaryFolder();
  const copy = join(await temporaryFolder(), 'model');
  await cp(BASE, copy, { recursive: true });
  const progress: number[] = [];
  const options = {
    cacheDir,
    onProgress: ({ bytesDone, bytesTotal }: { bytesDone: number; bytesTotal: number }) => progress.push(bytesDone / bytesTotal),
  };
  const first = await cachedModelGguf(await openModelFolder(copy), 'F16', options);
  expect(first.converted).toBe(true);
  expect(progress.at(-1)).toBe(1);
  expect(await cachedModelGguf(await openModelFolder(BASE), 'F16', options)).toEqual({ file: first.file, converted: false, notes: [] });
  const q8 = await cachedModelGguf(await openModelFolder(copy), 'Q8_0', options);
  await writeFile(join(copy, 'chat_template.jinja'), '{{ messages[0].content }}');
  const templated = await cachedModelGguf(await openModelFolder(copy), 'F16', options);
  expect(new Set([first.file, q8.file, templated.file]).size).toBe(3);
  expect((await readFile(templated.file)).includes('{{ messages[0].content }}')).toBe(true);
});

it('is the same file, byte for byte, each time', async () => {
  const folder = await temporaryFolder();
  for (const name of ['a.gguf', 'b.gguf'])
    await convertModelToGguf(await openModelFolder(BASE), join(folder, name), { dtype: 'Q8_0', deltas: null });
  expect(await readFile(join(folder, 'a.gguf'))).toEqual(await readFile(join(folder, 'b.gguf')));
});

it('leaves nothing behind when it is cancelled', async () => {
  const folder = await mkdtemp(join(await temporaryFolder(), 'out-'));
  const stop = new AbortController();
  const converting = convertModelToGguf(await openModelFolder(BASE), join(folder, 'model.gguf'), {
    dtype: 'F16',
    deltas: null,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(converting).rejects.toMatchObject({ code: 'cancelled' });
  expect(await readdir(folder)).toEqual([]);
});

it('refuses an adapter of another model, and keeps one that fits', async () => {
  const cacheDir = await temporaryFolder();
  const config = parseModelConfig((await openModelFolder(BASE)).configJson, 'config.json');
  const file = await cachedAdapterGguf(join(GOLDEN, 'trl/kto_default/adapter_final'), config, { cacheDir });
  expect((await readFile(file)).includes('blk.1.attn_q.weight.lora_b')).toBe(true);
  await expect(cachedAdapterGguf(join(GOLDEN, 'peft/from-peft-qwen3-plain'), config, { cacheDir })).rejects.toThrow(
    'made for another model',
  );
});
