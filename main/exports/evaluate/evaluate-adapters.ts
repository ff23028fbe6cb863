/** @file Measures adapters of one model on the same held-out pairs, with the same prompts answered by each. */
import { basename } from 'node:path';
import { evaluatePairs } from './evaluation.ts';
import type { Evaluation, PairScores } from './evaluation.ts';
import { readHeldOutPairs } from './held-out-pairs.ts';
import { answerPairs, scorePairs } from './measure-adapter.ts';
import type { MeasureOptions, MeasureRequest } from './measure-adapter.ts';

export interface EvaluationRequest extends Omit<MeasureRequest, 'adapterDir'> {
  /** PEFT folders; null for the base model itself. */
  readonly adapters: readonly (string | null)[];
  readonly beta: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: { readonly label: string; readonly done: number; readonly total: number }) => void;
}

/**
 * @returns in the order of the adapters
 * @throws {ImportError} if the file does not hold pairs
 * @throws {AppError} with one sentence for the person
 */
export async function evaluateAdapters(request: EvaluationRequest): Promise<Evaluation[]> {
  const { adapters, beta, signal, onProgress } = request;
  const pairs = await readHeldOutPairs(request);
  const optionsFor = (adapterDir: string | null): MeasureOptions => ({
    signal,
    onProgress: (part, done, total) => {
      const name = adapterDir === null ? 'the base model' : basename(adapterDir);
      onProgress?.({ label: `${part === 'scoring' ? 'Scoring' : 'Answering'} with ${name}`, done, total });
    },
  });
  const score = (adapterDir: string | null): Promise<PairScores[]> => scorePairs(pairs, { ...request, adapterDir }, optionsFor(adapterDir));
  const reference = await score(null);
  const evaluations: Evaluation[] = [];
  for (const adapterDir of adapters) {
    const policy = adapterDir === null ? reference : await score(adapterDir);
    const answers = request.answers === 0 ? null : await answerPairs(pairs, { ...request, adapterDir }, optionsFor(adapterDir));
    evaluations.push(evaluatePairs(policy, reference, { beta, answers }));
  }
  return evaluations;
}
