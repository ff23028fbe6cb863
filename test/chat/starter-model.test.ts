/** @file llama.cpp and the engine on the starter model: the same log-probabilities and greedy answers in F32, and F16 within its rounding. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';
import { Answerer } from '#jobs/generate/answerer.ts';
import { openModel } from '#jobs/open-model.ts';
import { GREEDY } from '#test/support/generation.ts';
import { checkSequences } from '#exports/check-texts.ts';
import { scoreSequences } from '#jobs/score-sequences.ts';
import { openChat } from '#test/support/chat.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const STARTER = join(import.meta.dirname, '../../resources/starter-model');

it.each([
  ['F32', 1e-4],
  ['F16', 5e-3],
  ['Q8_0', 0.1],
] as const)('%s', { timeout: 60_000 }, async (dtype, allowed) => {
  const sequences = await checkSequences(STARTER);
  const expected = await scoreSequences(
    { modelDir: STARTER, adapterDir: null, cacheDir: await temporaryFolder(), signal: new AbortController().signal },
    sequences,
  );
  const chat = await openChat('', { modelDir: STARTER, dtype });
  for (const [i, ids] of sequences.entries()) {
    const { logps } = await chat.score({ adapter: null, ids: [...ids], from: 1 });
    const gap = Math.abs(logps.reduce((sum, logp) => sum + logp, 0) - (expected[i] as number)) / logps.length;
    expect(gap).toBeLessThanOrEqual(allowed);
  }
});

const QUESTIONS = [
  'Please read the article "Hybrid Embedding for Road Repair under Uncertainty" and write a review.',
  'Write a short review of a paper about parsing.',
  'What do you think of the experiments?',
];
/** Nats. Two tokens whose scores are nearer to each other than float16 rounds may change places; what comes after the first that did is another text. */
const TIE = { F32: 1e-3, F16: 2e-2 };

it.each(['F32', 'F16'] as const)('greedy answers are the engine’s own, but for ties, in %s', { timeout: 60_000 }, async (dtype) => {
  const chat = await openChat('', { modelDir: STARTER, dtype });
  const cacheDir = await temporaryFolder();
  const signal = new AbortController().signal;
  const sampling = { ...GREEDY, maxNewTokens: 48 };
  const model = await openModel(STARTER, { cacheDir });
  const answerer = await Answerer.open(onnxRuntimeBackend({ threads: 1 }), model, []);
  const tokenizer = createTokenizer(await readTokenizerFiles(STARTER), () => new Date(0));
  const prompts = QUESTIONS.map((content) => ({ form: 'chat' as const, messages: [{ role: 'user', content }] }));
  const expected = new Map<number, readonly number[]>();
  for await (const event of answerer.events(
    prompts.map(({ messages }) => ({ form: 'chat', messages, options: { tools: null, templateKwargs: {} } })),
    { adapter: null, sampling, seed: 0, source: 'test' },
  )) {
    if (event.kind === 'finished') expected.set(event.index, [...event.ids]);
  }
  await answerer.release();
  for (const [index, prompt] of prompts.entries()) {
    const { ids } = await chat.answer({ adapter: null, prompt, sampling, seed: 0 }, { onText: () => undefined, signal });
    const own = expected.get(index) ?? [];
    expect(own.length).toBeGreaterThan(3);
    const first = own.findIndex((id, at) => ids[at] !== id);
    if (first < 0) continue;
    // The engine's own scores of the two candidates.
    const before = [...tokenizer.encodeChat(prompt.messages, { addGenerationPrompt: true }), ...own.slice(0, first)];
    const [ours = 0, theirs = 0] = await scoreSequences(
      { modelDir: STARTER, adapterDir: null, cacheDir, signal },
      [own[first], ids[first]].map((id) => Int32Array.from([...before, id ?? 0])),
    );
    expect(ours - theirs).toBeLessThanOrEqual(TIE[dtype]);
  }
});
