/** @file llama.cpp on the files Prospect converts, against transformers: log-probabilities and greedy answers of every tiny model. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OpenChat } from '#chat/chat-messages.ts';
import type { ChatModel } from '#chat/chat-model.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { GOLDEN, openChat } from '#test/support/chat.ts';
import { GREEDY } from '#test/support/generation.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

interface Answer {
  readonly model: string;
  readonly adapter: string | null;
  readonly repetition_penalty: number;
  readonly prompt_ids: readonly number[];
  readonly new_ids: readonly number[];
  readonly logits: string | null;
}

const { answers } = JSON.parse(await readFile(join(GOLDEN, 'generation/expected.json'), 'utf8')) as { answers: readonly Answer[] };
const logitsFile = await readSafetensorsHeader(join(GOLDEN, 'generation/logits.safetensors'));

/** Nats. float32 everywhere; only the order of sums differs. */
const EXACT = 5e-5;
/** Nats. Random weights with large logits, rounded to 11 bits: the rounding itself is that large. */
const HALF = 0.05;
/** Nats. Weights rounded to 8 bits a block. */
const Q8 = 1.5;

const SIX = ['llama_gqa_bf16', 'llama3_rope_tied', 'llama_linear_rope_bias', 'mistral_window', 'qwen2_tied_bias', 'qwen3_qknorm'];
const VARIANTS = [
  'llama_attention_bias',
  'llama_dynamic_rope',
  'llama_head_dim',
  'llama_old_config',
  'llama_tied_head_only',
  'llama_yarn',
  'mistral_full_attention',
  'qwen2_old_yarn',
  'qwen2_window_layers',
];

describe('in F32, llama.cpp and transformers agree on', () => {
  it.each(SIX)('%s', async (name) => {
    const chat = await openChat(`logits/${name}`);
    for (const answer of fitting(chat, answersOf(`logits/${name}`))) {
      expect(await largestGap(chat, answer)).toBeLessThanOrEqual(EXACT);
      expect(await greedy(chat, answer)).toEqual(answer.new_ids);
    }
  });

  it.each(VARIANTS)('the rarer %s', async (name) => {
    const chat = await openVariant(name);
    const { sequences } = JSON.parse(await readFile(join(GOLDEN, 'logits-variants', name, 'expected.json'), 'utf8')) as {
      sequences: number[][];
    };
    // With a dynamic rope a sequence beyond the trained length changes all of its rows.
    const chosen = Math.max(
      0,
      sequences.findIndex((sequence) => sequence.length <= chat.facts.contextTokens),
    );
    const ids = sequences[chosen] as number[];
    const file = await readSafetensorsHeader(join(GOLDEN, 'logits-variants', name, 'expected_logits.safetensors'));
    const logits = await readTensorAsFloat32(file, [...file.tensors.keys()].sort()[chosen] as string);
    const length = Math.min(ids.length, chat.facts.contextTokens);
    const { logps } = await chat.score({ adapter: null, ids: ids.slice(0, length), from: 1 });
    expect(logps).toHaveLength(length - 1);
    for (const [i, logp] of logps.entries()) {
      expect(
        Math.abs(logp - logSoftmax(logits, i, { vocabSize: logits.length / ids.length, token: ids[i + 1] as number })),
      ).toBeLessThanOrEqual(EXACT);
    }
  });
});

it('a qwen3 with biases, which llama.cpp would leave out, is refused by name', async () => {
  await expect(openVariant('qwen3_attention_bias')).rejects.toThrow(/biases on o_proj.*not as GGUF/);
});

describe('rounded weights change log-probabilities by no more than the rounding', () => {
  it.each(SIX)('%s', async (name) => {
    for (const [dtype, tolerance] of [
      ['F16', HALF],
      ['Q8_0', Q8],
    ] as const) {
      const chat = await openChat(`logits/${name}`, { dtype });
      for (const answer of fitting(chat, answersOf(`logits/${name}`))) {
        expect(await largestGap(chat, answer)).toBeLessThanOrEqual(tolerance);
        expect(await largestGap(chat, answer)).toBeGreaterThan(0);
      }
    }
  });
});

describe('in F16, a greedy answer differs only from where two tokens are nearer to each other than the rounding', () => {
  it.each(SIX)('%s', async (name) => {
    const chat = await openChat(`logits/${name}`, { dtype: 'F16' });
    for (const answer of fitting(chat, answersOf(`logits/${name}`))) {
      const ids = await greedy(chat, answer);
      const first = answer.new_ids.findIndex((id, at) => ids[at] !== id);
      expect(ids).toHaveLength(answer.new_ids.length);
      if (first < 0) continue;
      const expected = await readTensorAsFloat32(logitsFile, answer.logits ?? '');
      const row = expected.subarray((first * expected.length) / answer.new_ids.length);
      const [best, other] = [answer.new_ids[first] as number, ids[first] as number];
      expect((row[best] as number) - (row[other] as number)).toBeLessThanOrEqual(2 * HALF);
    }
  });
});

describe('an adapter has the same effect in llama.cpp as in PEFT', () => {
  it.each([
    ['trl/base', 'trl/kto_default/adapter_final'],
    ['trl/base', 'peft/from-peft-base-patterns'],
    ['logits/qwen3_qknorm', 'peft/from-peft-qwen3-rslora'],
  ])('%s with %s', async (model, adapter) => {
    const chat = await openChat(model);
    const own = answers.filter((answer) => answer.model === model && answer.adapter === adapter && answer.repetition_penalty === 1);
    expect(own.length).toBeGreaterThan(0);
    for (const answer of own) expect(await greedy(chat, answer, join(GOLDEN, adapter))).toEqual(answer.new_ids);
  });
});

it("the repetition penalty has Transformers' meaning", async () => {
  const chat = await openChat('trl/base');
  const own = answers.filter(
    ({ model, adapter, repetition_penalty: penalty }) => model === 'trl/base' && adapter === null && penalty !== 1,
  );
  expect(own.length).toBeGreaterThan(0);
  for (const answer of own) expect(await greedy(chat, answer)).toEqual(answer.new_ids);
});

function answersOf(model: string): Answer[] {
  return answers.filter((answer) => answer.model === model && answer.adapter === null && answer.repetition_penalty === 1);
}

/** A model with a sliding window is limited to it. */
function fitting(chat: ChatModel, list: readonly Answer[]): Answer[] {
  return list.filter(({ prompt_ids: prompt, new_ids: answer }) => prompt.length + answer.length <= chat.facts.contextTokens);
}

async function greedy(chat: ChatModel, answer: Answer, adapter: string | null = null): Promise<readonly number[]> {
  const { ids } = await chat.answer(
    {
      adapter,
      prompt: { form: 'tokens', ids: [...answer.prompt_ids] },
      sampling: { ...GREEDY, maxNewTokens: answer.new_ids.length, repetitionPenalty: answer.repetition_penalty },
      seed: 1,
    },
    { onText: () => undefined, signal: new AbortController().signal },
  );
  return ids;
}

/** Between the log-probabilities of the answer's tokens. */
async function largestGap(chat: ChatModel, { prompt_ids: prompt, new_ids: tokens, logits }: Answer): Promise<number> {
  const expected = await readTensorAsFloat32(logitsFile, logits ?? '');
  const vocabSize = expected.length / tokens.length;
  const { logps } = await chat.score({ adapter: null, ids: [...prompt, ...tokens], from: prompt.length });
  const gaps = logps.map((logp, step) => Math.abs(logp - logSoftmax(expected, step, { vocabSize, token: tokens[step] as number })));
  expect(gaps).toHaveLength(tokens.length);
  return Math.max(...gaps);
}

function logSoftmax(logits: Float32Array, row: number, { vocabSize, token }: { vocabSize: number; token: number }): number {
  const values = logits.subarray(row * vocabSize, (row + 1) * vocabSize);
  const largest = Math.max(...values);
  return (values[token] as number) - largest - Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

/** These models have no tokenizer, so they get one with a character for each token. */
async function openVariant(name: string, options: Partial<OpenChat> = {}): Promise<ChatModel> {
  const folder = await temporaryFolder();
  await cp(join(GOLDEN, 'logits-variants', name), folder, { recursive: true });
  const { vocab_size: size } = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as { vocab_size: number };
  const vocab = Object.fromEntries(Array.from({ length: size }, (_, id) => [String.fromCodePoint(0x4e00 + id), id]));
  await writeFile(
    join(folder, 'tokenizer.json'),
    JSON.stringify({ model: { type: 'BPE', vocab, merges: [] }, decoder: { type: 'ByteLevel' } }),
  );
  return openChat('', { modelDir: folder, ...options });
}
