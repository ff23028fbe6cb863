/** @file llama.cpp in its own process: streaming, seeds, stopping, adapters side by side, and every way it can end. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerRequest, OpenChat, OpenedChat } from '#chat/chat-messages.ts';
import { ChatProcess, type SpawnChat } from '#chat/chat-process.ts';
import type { ToChat } from '#chat/chat-messages.ts';
import { forkChild } from '#processes/fork-child.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { chatModelFolder } from '#test/support/chat-model-folder.ts';
import { GOLDEN, openRequest } from '#test/support/chat.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const WORKER = join(import.meta.dirname, '../../main/chat/worker.ts');
const KTO = join(GOLDEN, 'trl/kto_default/adapter_final');

const output: string[] = [];
const children: ReturnType<SpawnChat>[] = [];

function start(): ChatProcess {
  const spawn = forkChild<ToChat>(WORKER, (text) => output.push(text));
  return new ChatProcess(() => {
    const child = spawn();
    children.push(child);
    return child;
  });
}

function ask(text: string, options: Partial<AnswerRequest> & { readonly maxNewTokens?: number } = {}): AnswerRequest {
  const { maxNewTokens = 24, ...rest } = options;
  return {
    adapter: null,
    prompt: { form: 'chat', messages: [{ role: 'user', content: text }] },
    sampling: { ...DEFAULT_SAMPLING, temperature: 1, topP: 1, maxNewTokens },
    seed: 7,
    ...rest,
  };
}

afterAll(() => {
  for (const child of children) child.kill();
});

describe('a model that is open', () => {
  let chat: ChatProcess;
  let request: OpenChat;
  let facts: OpenedChat;
  const progress: string[] = [];

  beforeAll(async () => {
    chat = start();
    request = await openRequest('', { modelDir: await chatModelFolder(), contextTokens: null });
    facts = await chat.open(request, { onProgress: ({ phase }) => progress.push(phase) });
  }, 180_000);

  afterAll(() => chat.close());

  it('is what was asked for, and llama.cpp has nothing to complain of', () => {
    expect(facts).toMatchObject({ contextTokens: 256, device: 'CPU', hasChatTemplate: true, notes: [] });
    expect(progress).toContain('Converting the model');
    expect(output).toEqual([]);
  });

  it('streams an answer whose pieces are the whole', async () => {
    const pieces: string[] = [];
    const result = await chat.answer(ask('Hello'), { onText: (text) => pieces.push(text) });
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(result.text);
    expect(result.ids.length).toBeGreaterThan(0);
    expect(result.tokensPerSecond).toBeGreaterThan(0);
  });

  it('gives the same answer for the same seed, and another for another', async () => {
    const first = await chat.answer(ask('Tell me'));
    await chat.answer(ask('Something else'));
    const again = await chat.answer(ask('Tell me'));
    const other = await chat.answer(ask('Tell me', { seed: 8 }));
    expect(again.ids).toEqual(first.ids);
    expect(other.ids).not.toEqual(first.ids);
  });

  it('answers base and adapter at the same time, differently', async () => {
    const [base, kto] = await Promise.all([chat.answer(ask('Compare')), chat.answer(ask('Compare', { adapter: KTO }))]);
    expect(base.ids).not.toEqual(kto.ids);
    await chat.drop(KTO);
    expect((await chat.answer(ask('Compare', { adapter: KTO }))).ids).toEqual(kto.ids);
  });

  it('stops when asked, and keeps what was written', async () => {
    const stop = new AbortController();
    const pieces: string[] = [];
    const result = await chat.answer(
      ask('Go on and on', { maxNewTokens: 200, sampling: { ...DEFAULT_SAMPLING, temperature: 5, topP: 1, maxNewTokens: 200 } }),
      {
        signal: stop.signal,
        onText(text) {
          pieces.push(text);
          stop.abort();
        },
      },
    );
    expect(result.reason).toBe('stopped');
    expect(result.ids.length).toBeLessThan(200);
    expect(result.text).toBe(pieces.join(''));
  });

  it('an answer that is stopped before it begins is empty', async () => {
    const result = await chat.answer(ask('Never'), { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ reason: 'stopped', text: '' });
  });

  it('leaves the oldest question out when a conversation outgrows the context, and says so', async () => {
    const long = 'x'.repeat(60);
    const messages = [
      { role: 'system', content: 'Be short.' },
      ...Array.from({ length: 6 }, (_, i) => [
        { role: 'user', content: `${i}${long}` },
        { role: 'assistant', content: 'Yes.' },
      ]).flat(),
      { role: 'user', content: 'Last?' },
    ];
    const result = await chat.answer(ask('', { prompt: { form: 'chat', messages }, maxNewTokens: 10 }));
    expect(result.droppedMessages).toBeGreaterThan(0);
    expect(result.droppedMessages % 2).toBe(0);
    expect(result.promptTokens).toBeLessThanOrEqual(246);
  });

  it('refuses a question that does not fit at all', async () => {
    await expect(chat.answer(ask('y'.repeat(400)))).rejects.toThrow(/has 4\d\d tokens, and the context of 256 has room for 232/);
  });

  it('refuses an adapter of another model', async () => {
    const adapter = join(GOLDEN, 'peft/from-peft-qwen3-plain');
    await expect(chat.answer(ask('Hi', { adapter }))).rejects.toThrow(/made for another model/);
  });

  it(
    'in a new process gives the same answer for the same seed, and says so when that process is killed',
    { timeout: 180_000 },
    async () => {
      const own = start();
      await own.open(request);
      expect((await own.answer(ask('Tell me'))).ids).toEqual((await chat.answer(ask('Tell me'))).ids);
      const answer = own.answer(ask('Wait', { maxNewTokens: 200 }));
      children.at(-1)?.kill();
      await expect(answer).rejects.toThrow(/ended by SIGKILL.*memory ran out/);
    },
  );
});

it(
  'a file that is no GGUF is refused with its name; another can be opened then; unloading ends what is being written',
  { timeout: 180_000 },
  async () => {
    const chat = start();
    const file = join(await temporaryFolder(), 'not.gguf');
    await writeFile(file, 'GGUF but not really one, whatever it says');
    await expect(chat.open(await openRequest('trl/base', { ggufFile: file }))).rejects.toThrow(
      /not\.gguf is a GGUF file of version .*damaged/,
    );

    await chat.open(await openRequest('', { modelDir: await chatModelFolder() }));
    const answer = chat.answer(ask('Wait', { maxNewTokens: 200 }));
    chat.close();
    await expect(answer).rejects.toThrow('The model was unloaded.');
    await expect(chat.answer(ask('More'))).rejects.toThrow('The model was unloaded.');
  },
);
