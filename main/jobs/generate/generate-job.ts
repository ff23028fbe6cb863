/** @file Answers prompts with a model and an adapter from their folders. */
import { basename } from 'node:path';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { promptValue } from '#engine/generate/parse-prompt.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import { adapterFromFolder } from '#jobs/initial-adapter.ts';
import { openModel } from '#jobs/open-model.ts';
import { Answerer } from './answerer.ts';
import type { GenerateEvent, GenerateRequest } from './generate-request.ts';
import { readPrompts } from './read-prompts.ts';

/**
 * Answers come as they are finished: with several prompts not in their order.
 * @throws {AppError} with one sentence for the person
 */
export async function* generateJob(request: GenerateRequest, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<GenerateEvent> {
  const { modelDir, adapterDir, sampling, seed, cacheDir } = request;
  const prompts = 'file' in request.prompts ? await readPrompts(request.prompts.file, { signal }) : request.prompts;
  const source = 'file' in request.prompts ? basename(request.prompts.file) : '--prompt';
  const model = await openModel(modelDir, { cacheDir, signal });
  const adapter = adapterDir === null ? null : await adapterFromFolder(adapterDir, model);
  const answerer = await Answerer.open(onnxRuntimeBackend(), model, adapter?.modules ?? []);
  try {
    for await (const event of answerer.events(prompts, { adapter, sampling, seed, source, signal })) {
      if (event.kind === 'token') {
        if (event.text !== '') yield { kind: 'text', prompt: event.index, text: event.text };
        continue;
      }
      const { index, text, ids, reason } = event;
      const value = promptValue(prompts[index] as Prompt);
      yield { kind: 'answer', prompt: index, promptValue: value, answer: text, tokens: ids.length, finishReason: reason };
    }
  } finally {
    await answerer.release();
  }
}
