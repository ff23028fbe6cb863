/** @file Answers drawn from a model, each with how much more likely the adapter makes it than the base model does. */
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { Answerer } from '#jobs/generate/answerer.ts';
import type { FinishedAnswer } from '#jobs/generate/answerer.ts';
import { adapterFromFolder } from '#jobs/initial-adapter.ts';
import { openModel } from '#jobs/open-model.ts';
import { scoreCompletions } from '#jobs/score-sequences.ts';
import type { PromptAndCompletion, ScoredModel } from '#jobs/score-sequences.ts';
import type { Answer } from './evaluation.ts';
import { fitsModel } from './fits-model.ts';

export interface DrawRequest extends ScoredModel {
  /** Those that leave the model no room for an answer are passed over. */
  readonly prompts: readonly Prompt[];
  /** How many are answered, from the first on. */
  readonly most: number;
  readonly maxNewTokens: number;
  readonly seed: number;
  readonly onProgress: (done: number, total: number) => void;
}

/** At temperature 1 from the whole distribution, because only then the mean log-ratio estimates the KL divergence. */
export async function drawAnswers(request: DrawRequest): Promise<Answer[]> {
  const { prompts, finished, rows } = await generateAnswers(request);
  const ratios = await logRatios(request, rows);
  return finished.map(({ index, text, ids }, i) => ({
    prompt: promptText(prompts[index] as Prompt),
    text,
    tokens: ids.length,
    logRatio: ratios[i] as number,
  }));
}

interface Generated {
  readonly prompts: readonly Prompt[];
  readonly finished: readonly FinishedAnswer[];
  readonly rows: readonly PromptAndCompletion[];
}

async function generateAnswers({ modelDir, adapterDir, cacheDir, signal, ...request }: DrawRequest): Promise<Generated> {
  const model = await openModel(modelDir, { cacheDir, signal });
  const adapter = adapterDir === null ? null : await adapterFromFolder(adapterDir, model);
  const answerer = await Answerer.open(onnxRuntimeBackend(), model, adapter?.modules ?? []);
  try {
    const prompts = fitting(answerer, request);
    const encoded = answerer.encode(prompts, 'pairs');
    const sampling = { ...DEFAULT_SAMPLING, temperature: 1, topP: 1, topK: 0, minP: 0, maxNewTokens: request.maxNewTokens };
    const finished: FinishedAnswer[] = [];
    for await (const event of answerer.events(prompts, { adapter, sampling, seed: request.seed, source: 'pairs', signal })) {
      if (event.kind !== 'finished') continue;
      finished.push(event);
      request.onProgress(finished.length, prompts.length);
    }
    finished.sort((a, b) => a.index - b.index);
    const rows = finished.map(({ index, ids }) => ({
      promptIds: encoded[index]?.ids ?? new Int32Array(),
      completionIds: Int32Array.from(ids),
    }));
    return { prompts, finished, rows };
  } finally {
    await answerer.release();
  }
}

function fitting(answerer: Answerer, { prompts, most }: Pick<DrawRequest, 'prompts' | 'most'>): Prompt[] {
  const found: Prompt[] = [];
  for (const prompt of prompts) {
    if (found.length >= most) break;
    if (fitsModel(answerer, prompt)) found.push(prompt);
  }
  return found;
}

/** log π(y|x) − log π_ref(y|x), nats. */
async function logRatios({ adapterDir, ...model }: DrawRequest, rows: readonly PromptAndCompletion[]): Promise<number[]> {
  if (adapterDir === null || rows.length === 0) return rows.map(() => 0);
  const policy = await scoreCompletions({ ...model, adapterDir }, rows);
  const base = await scoreCompletions({ ...model, adapterDir: null }, rows);
  return policy.map((logp, i) => logp - (base[i] as number));
}

function promptText(prompt: Prompt): string {
  if (prompt.form === 'text') return prompt.text;
  if (prompt.form === 'tokens') return `${prompt.ids.length} tokens`;
  return prompt.messages.at(-1)?.content ?? '';
}
