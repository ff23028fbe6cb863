/** @file Measures adapters of one model on the same held-out pairs, with the same prompts answered by each. */
import { basename } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import type { PairRow } from '#engine/data/row.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { tokeniseRow } from '#engine/text/tokenise-row.ts';
import { truncateSequence } from '#engine/text/truncate-sequence.ts';
import { Answerer } from '#jobs/generate/answerer.ts';
import type { FinishedAnswer } from '#jobs/generate/answerer.ts';
import { adapterFromFolder } from '#jobs/initial-adapter.ts';
import { checkModel, openModel } from '#jobs/open-model.ts';
import { readRows } from '#jobs/read-rows.ts';
import { scoreCompletions } from '#jobs/score-sequences.ts';
import type { PromptAndCompletion, ScoredModel } from '#jobs/score-sequences.ts';
import { tokenizerFor } from '#jobs/tokenizer-for-rows.ts';
import { evaluatePairs } from './evaluation.ts';
import type { Answer, Evaluation, PairScores } from './evaluation.ts';

export interface EvaluationRequest {
  readonly modelDir: string;
  /** PEFT folders; null for the base model itself. */
  readonly adapters: readonly (string | null)[];
  readonly pairsFile: string;
  readonly maxLength: number | null;
  readonly beta: number;
  /** Prompts of the pairs to answer, from the first on; 0 for none. */
  readonly answers: number;
  readonly maxNewTokens: number;
  readonly seed: number;
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: { readonly label: string; readonly done: number; readonly total: number }) => void;
}

/**
 * @returns in the order of the adapters
 * @throws {ImportError} if the file does not hold pairs
 * @throws {AppError} with one sentence for the person
 */
export async function evaluateAdapters(request: EvaluationRequest): Promise<Evaluation[]> {
  const { modelDir, adapters, beta, cacheDir, signal, onProgress } = request;
  const rows = await readPairs(request.pairsFile, signal);
  const completions = await tokenisePairs(rows, request);
  const score = async (adapterDir: string | null, label: string): Promise<PairScores[]> => {
    const model: ScoredModel = { modelDir, adapterDir, cacheDir, signal };
    const report = (done: number) => onProgress?.({ label, done, total: completions.length });
    const logps = await scoreCompletions(model, completions, report);
    return rows.map((_, i) => ({ chosen: logps[2 * i] as number, rejected: logps[2 * i + 1] as number }));
  };
  const reference = await score(null, 'Scoring with the base model');
  const evaluations: Evaluation[] = [];
  for (const adapterDir of adapters) {
    const policy = adapterDir === null ? reference : await score(adapterDir, `Scoring with ${basename(adapterDir)}`);
    const answers = request.answers === 0 ? null : await answer(adapterDir, distinctPrompts(rows).slice(0, request.answers), request);
    evaluations.push(evaluatePairs(policy, reference, { beta, answers }));
  }
  return evaluations;
}

async function readPairs(file: string, signal: AbortSignal): Promise<PairRow[]> {
  const { rows } = await readRows(file, { badRows: 'stop', signal });
  const pairs = rows.filter((row) => row.kind === 'pair');
  if (pairs.length === rows.length) return pairs;
  throw new ImportError(
    `${basename(file)} holds single answers with a label; runs are compared on pairs of a chosen and a rejected answer. Choose a file of pairs.`,
    { file },
  );
}

/** Chosen and rejected of each pair, one after the other. */
async function tokenisePairs(
  rows: readonly PairRow[],
  { modelDir, pairsFile, maxLength }: EvaluationRequest,
): Promise<PromptAndCompletion[]> {
  const { config } = await checkModel(modelDir);
  const context = { tokenizer: await tokenizerFor(rows, modelDir, new Date()), file: basename(pairsFile), vocabSize: config.vocabSize };
  const limit = Math.min(maxLength ?? Infinity, config.maxPositions);
  const cut = (promptIds: Int32Array, completionIds: Int32Array): PromptAndCompletion => {
    const { ids, completionStart } = truncateSequence({ promptIds, completionIds, maxLength: limit, truncationMode: 'keep_start' });
    return { promptIds: ids.subarray(0, completionStart), completionIds: ids.subarray(completionStart) };
  };
  return rows.flatMap((row) => {
    const { promptIds, chosenIds, rejectedIds } = tokeniseRow(row, context).tokenised;
    return [cut(promptIds, chosenIds), cut(promptIds, rejectedIds)];
  });
}

function distinctPrompts(rows: readonly PairRow[]): Prompt[] {
  const prompts = rows.map((row): Prompt => {
    if (row.form === 'text') return { form: 'text', text: row.prompt };
    return row.form === 'chat' ? { form: 'chat', messages: row.prompt, options: row.options } : { form: 'tokens', ids: row.promptIds };
  });
  return [...new Map(prompts.map((prompt) => [JSON.stringify(prompt), prompt])).values()];
}

/** Drawn at temperature 1 from the whole distribution, because only then the mean log-ratio estimates the KL divergence. */
async function answer(adapterDir: string | null, prompts: readonly Prompt[], request: EvaluationRequest): Promise<Answer[]> {
  const { modelDir, cacheDir, signal, seed, maxNewTokens, onProgress } = request;
  const model = await openModel(modelDir, { cacheDir, signal });
  const adapter = adapterDir === null ? null : await adapterFromFolder(adapterDir, model);
  const answerer = await Answerer.open(onnxRuntimeBackend(), model, adapter?.modules ?? []);
  const finished: FinishedAnswer[] = [];
  let encoded: readonly { readonly ids: Int32Array }[];
  try {
    const sampling = { ...DEFAULT_SAMPLING, temperature: 1, topP: 1, topK: 0, minP: 0, maxNewTokens };
    encoded = answerer.encode(prompts, 'pairs');
    for await (const event of answerer.events(prompts, { adapter, sampling, seed, source: 'pairs', signal })) {
      if (event.kind !== 'finished') continue;
      finished.push(event);
      onProgress?.({
        label: `Answering with ${adapterDir === null ? 'the base model' : basename(adapterDir)}`,
        done: finished.length,
        total: prompts.length,
      });
    }
  } finally {
    await answerer.release();
  }
  const inOrder = finished.toSorted((a, b) => a.index - b.index);
  const rows = inOrder.map(({ index, ids }) => ({
    promptIds: encoded[index]?.ids ?? new Int32Array(),
    completionIds: Int32Array.from(ids),
  }));
  const scored = { modelDir, cacheDir, signal };
  const policy = adapterDir === null ? null : await scoreCompletions({ ...scored, adapterDir }, rows);
  const base = policy === null ? null : await scoreCompletions({ ...scored, adapterDir: null }, rows);
  return inOrder.map(({ index, text, ids }, i) => ({
    prompt: promptText(prompts[index] as Prompt),
    text,
    tokens: ids.length,
    logRatio: policy === null || base === null ? 0 : (policy[i] as number) - (base[i] as number),
  }));
}

function promptText(prompt: Prompt): string {
  if (prompt.form === 'text') return prompt.text;
  if (prompt.form === 'tokens') return `${prompt.ids.length} tokens`;
  return prompt.messages.at(-1)?.content ?? '';
}
