/** @file One answer: computes the prompt, draws tokens, and turns them into text as they come. */
import type { LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { StreamingText } from '#engine/generate/streaming-text.ts';
import type { Sampling } from '#engine/generate/sampling.ts';
import type { AnswerResult } from './chat-messages.ts';
import type { OpenContext } from './llama-model.ts';

export interface AnswerOptions {
  readonly ids: Int32Array;
  readonly sampling: Sampling;
  readonly seed: number;
  readonly stopIds: ReadonlySet<number>;
  readonly streaming: StreamingText;
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
}

type Answer = Omit<AnswerResult, 'droppedMessages'>;

/** The same prompt, seed and history of the context give the same answer. */
export async function answer(context: OpenContext, options: AnswerOptions): Promise<Answer> {
  const { ids, streaming, onText, signal } = options;
  const startMs = performance.now();
  const isWhole = await computePrompt(context, ids, signal);
  const promptMs = performance.now() - startMs;
  const collected: { text: string; ids: number[] } = { text: '', ids: [] };
  const give = (text: string): void => {
    if (text === '') return;
    collected.text += text;
    onText(text);
  };
  const reason = isWhole ? await drawTokens(context, options, collected.ids, (token) => give(streaming.add(token))) : 'stopped';
  give(streaming.end());
  const answerMs = performance.now() - startMs - promptMs;
  return {
    ...collected,
    reason,
    promptTokens: ids.length,
    promptMs,
    answerMs,
    tokensPerSecond: collected.ids.length > 1 && answerMs > 0 ? (collected.ids.length / answerMs) * 1000 : null,
  };
}

/**
 * Everything but the last token, in slices; what the context holds already is kept. The last one is always computed alone, so that asking again finds the
 * very same numbers.
 * @returns false if it was stopped
 */
async function computePrompt({ sequence, promptSlice }: OpenContext, ids: Int32Array, signal: AbortSignal): Promise<boolean> {
  const tokens = [...ids.subarray(0, -1)] as Token[];
  await keepCommonPrefix(sequence, tokens);
  for (let start = sequence.nextTokenIndex; start < tokens.length; start += promptSlice) {
    if (signal.aborted) return false;
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(start, start + promptSlice));
  }
  return !signal.aborted;
}

async function keepCommonPrefix(sequence: LlamaContextSequence, tokens: readonly Token[]): Promise<void> {
  const held = sequence.contextTokens;
  let common = 0;
  while (common < held.length && common < tokens.length && held[common] === tokens[common]) common += 1;
  if (common === 0 && held.length > 0) await sequence.clearHistory();
  else if (common < held.length) await sequence.eraseContextTokenRanges([{ start: common, end: held.length }]);
}

async function drawTokens(
  { sequence, contextTokens }: OpenContext,
  { ids, sampling, seed, stopIds, signal }: AnswerOptions,
  drawn: number[],
  onToken: (token: number) => void,
): Promise<AnswerResult['reason']> {
  if (signal.aborted) return 'stopped';
  const last = ids.at(-1) as Token;
  const seen = new Set<number>(ids);
  for await (const token of sequence.evaluate([last], evaluateOptions(sequence, sampling, { seed, seen }))) {
    if (signal.aborted) return 'stopped';
    drawn.push(token);
    seen.add(token);
    if (stopIds.has(token)) return 'end';
    onToken(token);
    if (drawn.length >= sampling.maxNewTokens) return 'length';
    if (ids.length + drawn.length >= contextTokens) return 'context';
  }
  return 'end';
}

/** llama.cpp's order: penalty, top-k, top-p, min-p, temperature. */
function evaluateOptions(
  sequence: LlamaContextSequence,
  sampling: Sampling,
  { seed, seen }: { readonly seed: number; readonly seen: ReadonlySet<number> },
): SequenceEvaluateOptions {
  const { greedy, temperature, topK, topP, minP, repetitionPenalty } = sampling;
  const penalty = repetitionPenalty !== 1 && {
    repeatPenalty: {
      punishTokens: () => [...seen] as Token[],
      maxPunishTokens: sequence.contextSize,
      penalty: repetitionPenalty,
    },
  };
  return {
    yieldEogToken: true,
    ...(greedy ? { temperature: 0 } : { temperature, topK, topP, minP, seed }),
    ...penalty,
  };
}
