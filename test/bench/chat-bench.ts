/**
 * @file How fast Chat answers beside llama.cpp's bare loop at the same quantisation, and how long it takes from Stop to stopped. Ours goes the whole way:
 * another process, the tokenizer, streaming. The two take turns, and the best of several counts, because other programs make both slower.
 */
import { tmpdir } from 'node:os';
import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { getLlama, LlamaLogLevel, type LlamaContextSequence, type Token } from 'node-llama-cpp';
import type { OpenChat, ToChat } from '#chat/chat-messages.ts';
import { ChatProcess } from '#chat/chat-process.ts';
import { ensureRandomModel } from '#engines/random-model.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { forkChild } from '#processes/fork-child.ts';
import { tinyLlamaConfig } from './tiny-llama-config.ts';

export interface ChatBench {
  /** Folder; null for a random model as wide as TinyLlama, with the starter model's tokenizer. */
  readonly model: string | null;
  readonly layers: number;
  readonly newTokens: number;
  readonly repeats: number;
}

const ROOT = join(import.meta.dirname, '../..');
const STARTER = join(ROOT, 'resources/starter-model');
const WORKER = join(ROOT, 'main/chat/worker.ts');
/** Of a processor: with more, threads wait for each other, and what is measured is what else the machine does. */
const THREADS = 1;
const SAMPLING = { ...DEFAULT_SAMPLING, greedy: true };
/** Never the end of an answer. */
const LONG = { ...DEFAULT_SAMPLING, temperature: 10, topP: 1, maxNewTokens: 400 };
const QUESTION = 'Please read the article and write a review of its method. ';

export async function chatBench({ model, layers, newTokens, repeats }: ChatBench): Promise<object> {
  const modelDir = model === null ? await randomChatModel(layers) : resolve(model);
  const request: OpenChat = {
    modelDir,
    ggufFile: null,
    dtype: 'Q8_0',
    cacheDir: join(tmpdir(), 'prospect-bench-cache'),
    gpu: 'off',
    contextTokens: 512,
    threads: THREADS,
    exact: false,
  };
  const chat = new ChatProcess(forkChild<ToChat>(WORKER, (text) => process.stderr.write(text)));
  try {
    const { ggufFile } = await chat.open(request);
    const bare = await openBare(ggufFile);
    const speeds = { ours: [] as number[], bare: [] as number[] };
    for (let repeat = 0; repeat < repeats; repeat++) {
      speeds.ours.push(await ourSpeed(chat, newTokens));
      speeds.bare.push(await bareSpeed(bare, newTokens));
    }
    const [ourBest, bareBest] = [Math.max(...speeds.ours), Math.max(...speeds.bare)];
    const whileWriting = await stopTimes(chat, repeats, { question: QUESTION, afterTexts: 5 });
    const whileReading = await stopTimes(chat, repeats, { question: QUESTION.repeat(8), afterTexts: 0 });
    return {
      model: modelDir === STARTER ? 'starter model' : `${layers} layers of TinyLlama`,
      tokensPerSecond: Number(ourBest.toPrecision(4)),
      bareTokensPerSecond: Number(bareBest.toPrecision(4)),
      ratio: Number((ourBest / bareBest).toFixed(3)),
      stopMs: { whileWriting, whileReading },
    };
  } finally {
    chat.close();
  }
}

async function randomChatModel(layers: number): Promise<string> {
  const dir = join(tmpdir(), `prospect-bench-chat-${layers}`);
  await ensureRandomModel(dir, { ...tinyLlamaConfig(layers), vocab_size: 2048 });
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) await copyFile(join(STARTER, name), join(dir, name));
  return dir;
}

/** Tokens a second of the answer as whoever asked sees it, the computing of the prompt left out. */
async function ourSpeed(chat: ChatProcess, newTokens: number): Promise<number> {
  const started = performance.now();
  const { ids, promptMs } = await chat.answer({
    adapter: null,
    prompt: { form: 'text', text: QUESTION },
    sampling: { ...SAMPLING, maxNewTokens: newTokens },
    seed: 1,
  });
  return (ids.length / (performance.now() - started - promptMs)) * 1000;
}

async function openBare(file: string): Promise<{ readonly sequence: LlamaContextSequence; readonly prompt: readonly Token[] }> {
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: LlamaLogLevel.error });
  llama.maxThreads = THREADS;
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({ contextSize: 512, threads: THREADS });
  return { sequence: context.getSequence(), prompt: model.tokenize(QUESTION) };
}

async function bareSpeed({ sequence, prompt }: Awaited<ReturnType<typeof openBare>>, newTokens: number): Promise<number> {
  await sequence.clearHistory();
  await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, -1));
  const started = performance.now();
  let count = 0;
  const tokens = sequence.evaluate(prompt.slice(-1), { temperature: 0, yieldEogToken: true });
  while (count < newTokens && !(await tokens.next()).done) count++;
  return (count / (performance.now() - started)) * 1000;
}

/** Milliseconds from Stop to the answer's end. */
async function stopTimes(
  chat: ChatProcess,
  repeats: number,
  { question, afterTexts }: { readonly question: string; readonly afterTexts: number },
): Promise<{ readonly median: number; readonly longest: number }> {
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const stop = new AbortController();
    let [texts, askedMs] = [0, 0];
    const ask = (): void => {
      askedMs = performance.now();
      stop.abort();
    };
    // Another beginning each time, so that nothing of the prompt is there already.
    const answer = chat.answer(
      { adapter: null, prompt: { form: 'text', text: `${repeat} ${question}` }, sampling: LONG, seed: repeat },
      { signal: stop.signal, onText: () => ++texts === afterTexts && ask() },
    );
    if (afterTexts === 0) setTimeout(ask, 15);
    await answer;
    if (askedMs > 0) times.push(performance.now() - askedMs);
  }
  times.sort((a, b) => a - b);
  return { median: Math.round(times[Math.floor(times.length / 2)] ?? 0), longest: Math.round(times.at(-1) ?? 0) };
}
