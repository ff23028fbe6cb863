/** @file What is measured of one adapter, or of the base model: from it and the base model's follows everything that is said of a run. */
import { scoreCompletions } from '#jobs/score-sequences.ts';
import { drawAnswers } from './draw-answers.ts';
import type { Answer, PairScores } from './evaluation.ts';
import { readHeldOutPairs } from './held-out-pairs.ts';
import type { HeldOutPairs, HeldOutPairsRequest } from './held-out-pairs.ts';

export interface MeasureRequest extends Omit<HeldOutPairsRequest, 'signal'> {
  /** PEFT folder; null for the base model itself. */
  readonly adapterDir: string | null;
  /** Prompts of the pairs to answer, from the first on; 0 for none. */
  readonly answers: number;
  readonly maxNewTokens: number;
  readonly seed: number;
  readonly cacheDir: string;
}

export interface Measurement {
  readonly scores: readonly PairScores[];
  readonly answers: readonly Answer[];
}

export interface MeasureOptions {
  readonly signal: AbortSignal;
  /** Told for each part from its beginning: pairs that were scored, then prompts that were answered. */
  readonly onProgress: (part: 'scoring' | 'answering', done: number, total: number) => void;
}

/** @throws {AppError} with one sentence for the person */
export async function measureAdapter(request: MeasureRequest, options: MeasureOptions): Promise<Measurement> {
  const pairs = await readHeldOutPairs({ ...request, signal: options.signal });
  return { scores: await scorePairs(pairs, request, options), answers: await answerPairs(pairs, request, options) };
}

export async function scorePairs(
  { count, completions }: HeldOutPairs,
  request: Pick<MeasureRequest, 'modelDir' | 'adapterDir' | 'cacheDir'>,
  { signal, onProgress }: MeasureOptions,
): Promise<PairScores[]> {
  onProgress('scoring', 0, count);
  const logps = await scoreCompletions({ ...request, signal }, completions, (done) => onProgress('scoring', Math.floor(done / 2), count));
  return Array.from({ length: count }, (_, i) => ({ chosen: logps[2 * i] as number, rejected: logps[2 * i + 1] as number }));
}

export async function answerPairs({ prompts }: HeldOutPairs, request: MeasureRequest, options: MeasureOptions): Promise<Answer[]> {
  if (request.answers === 0) return [];
  const onProgress = (done: number, total: number): void => options.onProgress('answering', done, total);
  onProgress(0, Math.min(request.answers, prompts.length));
  return drawAnswers({ ...request, prompts, most: request.answers, signal: options.signal, onProgress });
}
