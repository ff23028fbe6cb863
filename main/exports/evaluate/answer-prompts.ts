/** @file The answers of a model, or of an adapter, to prompts: what is read side by side and voted on. */
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { Answerer } from '#jobs/generate/answerer.ts';
import { readPrompts } from '#jobs/generate/read-prompts.ts';
import { adapterFromFolder } from '#jobs/initial-adapter.ts';
import { openModel } from '#jobs/open-model.ts';
import { fitsModel } from './fits-model.ts';

export interface AnswerRequest {
  readonly modelDir: string;
  /** PEFT folder; null for the base model itself. */
  readonly adapterDir: string | null;
  readonly promptsFile: string;
  /** Of the prompts in the whole list, of which the file may hold a part: an answer follows from the seed and its prompt's place there. */
  readonly places: readonly number[];
  readonly temperature: number;
  readonly maxNewTokens: number;
  readonly seed: number;
  readonly cacheDir: string;
}

export interface PromptAnswer {
  /** Null where the prompt leaves the model no room for an answer. */
  readonly text: string | null;
  readonly tokens: number;
  /** It ended by itself; else it was cut at the limit. */
  readonly isWhole: boolean;
}

export interface AnswerOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * @returns in the order of the prompts
 * @throws {AppError} with one sentence for the person
 */
export async function answerPrompts(request: AnswerRequest, { signal, onProgress }: AnswerOptions): Promise<PromptAnswer[]> {
  const { modelDir, adapterDir, promptsFile, temperature, maxNewTokens, seed, cacheDir } = request;
  const prompts = await readPrompts(promptsFile, { signal });
  onProgress(0, prompts.length);
  const model = await openModel(modelDir, { cacheDir, signal });
  const adapter = adapterDir === null ? null : await adapterFromFolder(adapterDir, model);
  const answerer = await Answerer.open(onnxRuntimeBackend(), model, adapter?.modules ?? []);
  try {
    const fitting = prompts.flatMap((prompt, index) => (fitsModel(answerer, prompt) ? [{ prompt, index }] : []));
    const answers = prompts.map((): PromptAnswer => ({ text: null, tokens: 0, isWhole: true }));
    const events = answerer.events(
      fitting.map(({ prompt }) => prompt),
      {
        adapter,
        sampling: { ...DEFAULT_SAMPLING, temperature, maxNewTokens },
        seed,
        places: fitting.map(({ index }) => request.places[index] ?? index),
        source: 'the held-out pairs',
        signal,
      },
    );
    let done = 0;
    for await (const event of events) {
      if (event.kind !== 'finished') continue;
      answers[fitting[event.index]?.index ?? -1] = { text: event.text, tokens: event.ids.length, isWhole: event.reason !== 'length' };
      onProgress(++done, fitting.length);
    }
    return answers;
  } finally {
    await answerer.release();
  }
}
