/** @file Greedy answers and their logits against transformers' generate (with its cache), on every tiny model, with and without PEFT adapters. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linearModules } from '#engine/model/model-tensors.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import type { GenerationSession } from '#engine/generate/generation-session.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { adapterFromFolder } from '#jobs/initial-adapter.ts';
import { GREEDY, generateAll, openGeneration } from '#test/support/generation.ts';
import { loadModel } from '#test/support/load-model.ts';

const GOLDEN = join(import.meta.dirname, '../golden');
/** Relative to the largest logit: only the order of sums differs. */
const TOLERANCE = 2e-5;

interface Answer {
  readonly model: string;
  readonly adapter: string | null;
  readonly repetition_penalty: number;
  readonly prompt_ids: readonly number[];
  readonly new_ids: readonly number[];
  readonly logits: string | null;
}

const { answers } = JSON.parse(await readFile(join(GOLDEN, 'generation/expected.json'), 'utf8')) as { answers: readonly Answer[] };
const models = [...new Set(answers.map(({ model }) => model))];

describe('transformers generates the same with', () => {
  it.each(models.filter((model) => answers.some((answer) => answer.model === model && answer.logits !== null)))('%s', async (name) => {
    const session = await openGeneration(await loadModel(join(GOLDEN, name)));
    const own = answers.filter((answer) => answer.model === name && answer.adapter === null && answer.repetition_penalty === 1);
    // All prompts in one batch; transformers had each alone.
    const got = await generateAll(
      session,
      own.map(({ prompt_ids: ids }) => ids),
      { sampling: { ...GREEDY, maxNewTokens: 10 } },
    );
    expect(got.map(({ ids }) => ids)).toEqual(own.map(({ new_ids: ids }) => ids));
    for (const answer of own) expect(await largestGap(session, answer)).toBeLessThanOrEqual(TOLERANCE);
    await session.release();
  });

  it('adapters and repetition penalties, all in one session', async () => {
    const model = await loadModel(join(GOLDEN, 'trl/base'));
    const own = answers.filter((answer) => answer.model === 'trl/base');
    const session = await openGeneration(model, everyModule(model.config));
    const seen = new Set<string>();
    for (const adapter of new Set(own.map((answer) => answer.adapter))) {
      for (const repetitionPenalty of [1, 1.5]) {
        const asked = own.filter((answer) => answer.adapter === adapter && answer.repetition_penalty === repetitionPenalty);
        const opened = adapter === null ? null : await adapterFromFolder(join(GOLDEN, adapter), adapted(model.config));
        const got = await generateAll(
          session,
          asked.map(({ prompt_ids: ids }) => ids),
          { sampling: { ...GREEDY, maxNewTokens: 10, repetitionPenalty }, adapter: opened },
        );
        expect(got.map(({ ids }) => ids)).toEqual(asked.map(({ new_ids: ids }) => ids));
        seen.add(JSON.stringify(got.map(({ ids }) => ids)));
      }
    }
    expect(seen.size).toBe(6); // three adapters, none alike, and the penalty changes each
    await session.release();
  });

  it('a rank-stabilised adapter on qwen3', async () => {
    const model = await loadModel(join(GOLDEN, 'logits/qwen3_qknorm'));
    const own = answers.filter(({ adapter }) => adapter === 'peft/from-peft-qwen3-rslora');
    const adapter = await adapterFromFolder(join(GOLDEN, 'peft/from-peft-qwen3-rslora'), adapted(model.config));
    const session = await openGeneration(model, adapter.modules);
    for (const answer of own) {
      const sampling = { ...GREEDY, maxNewTokens: 10, repetitionPenalty: answer.repetition_penalty };
      const [got] = await generateAll(session, [answer.prompt_ids], { sampling, adapter });
      expect(got?.ids).toEqual(answer.new_ids);
    }
    expect(own).toHaveLength(4);
    await session.release();
  });
});

function adapted(config: Parameters<typeof linearModules>[0]) {
  return { dir: 'base', linear: linearModules(config) };
}

/** Every linear module, of whatever rank. */
function everyModule(config: Parameters<typeof linearModules>[0]): LoraModule[] {
  return [...linearModules(config)].map(([name, size]) => ({ name, inFeatures: size.in, outFeatures: size.out, rank: 1, scaling: 1 }));
}

async function largestGap(session: GenerationSession, { prompt_ids: prompt, new_ids: tokens, logits }: Answer): Promise<number> {
  const expected = await readTensorAsFloat32(await readSafetensorsHeader(join(GOLDEN, 'generation/logits.safetensors')), logits ?? '');
  const { vocabSize } = session.config;
  const batch = session.startBatch(1, null);
  const got = [(await batch.admit([Int32Array.from(prompt)]))[0]];
  for (const token of tokens.slice(0, -1)) got.push((await batch.step([token]))[0]);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const gaps = got.map((step, s) =>
    (step ?? new Float32Array()).reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[s * vocabSize + i] as number))), 0),
  );
  expect(got.length * vocabSize).toBe(expected.length);
  return Math.max(...gaps) / largest;
}
