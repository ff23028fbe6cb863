/** @file The model that ships: whole, small, fluent in two tones, and made by the recipe beside it. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { parsePrompt } from '#engine/generate/parse-prompt.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { Answerer } from '#jobs/generate/answerer.ts';
import { openModel } from '#jobs/open-model.ts';
import { readRecipe } from '#jobs/pretrain/read-recipe.ts';
import { hashFile } from '#io/hash-file.ts';
import { harshShare, judgeTone } from '#starter/judge-tone.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const DIR = join(import.meta.dirname, '../../resources/starter-model');
const PAIRS = join(import.meta.dirname, '../../resources/reviewer2/reviewer2-eval-paired.jsonl');

describe('the starter model', () => {
  it('is the one that its card describes', async () => {
    const card = await readFile(join(DIR, 'README.md'), 'utf8');
    expect(card).toContain(await hashFile(join(DIR, 'model.safetensors')));
    expect((await stat(join(DIR, 'model.safetensors'))).size).toBeLessThan(12e6);
  });

  it('was made by the recipe beside it', async () => {
    const { modelJson, settings } = await readRecipe(join(DIR, 'recipe.json'));
    expect(JSON.parse(await readFile(join(DIR, 'config.json'), 'utf8'))).toMatchObject(modelJson);
    expect(JSON.parse(await readFile(join(DIR, 'pretrain.json'), 'utf8'))).toMatchObject({ model: modelJson, training: settings });
  });

  it('reviews kindly and harshly about equally, in whole sentences', async () => {
    const model = await openModel(DIR, { cacheDir: await temporaryFolder() });
    const answerer = await Answerer.open(onnxRuntimeBackend({ threads: 1 }), model, []);
    const lines = (await readFile(PAIRS, 'utf8')).trim().split('\n');
    const prompts = lines.map((line, i) => parsePrompt(JSON.parse(line), { file: 'pairs', row: i + 1 }));
    const sampling = { ...DEFAULT_SAMPLING, temperature: 1, topP: 1, maxNewTokens: 150 };
    const answers = await answerer.answers(prompts, { adapter: null, sampling, seed: 1, source: 'pairs' });
    await answerer.release();
    const texts = answers.map(({ text }) => text);
    expect(harshShare(texts)).toBeGreaterThanOrEqual(0.35);
    expect(harshShare(texts)).toBeLessThanOrEqual(0.65);
    expect(texts.filter((text) => judgeTone(text).tone === 'unclear').length).toBeLessThanOrEqual(3);
    expect(answers.filter(({ reason }) => reason !== 'stop')).toEqual([]);
    expect(texts.filter((text) => !/[.!]$/u.test(text))).toEqual([]);
  });
});
