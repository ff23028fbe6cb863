/** @file Log-probabilities of given tokens, to compare llama.cpp with the engine. */
import type { ControlledEvaluateInputItem, Token } from 'node-llama-cpp';
import { SettingsError } from '#contract/errors.ts';
import type { ScoreTokens, TokenScores } from './chat-messages.ts';
import type { OpenContext } from './llama-model.ts';

/** @throws {SettingsError} if they do not fit the context */
export async function scoreTokens(
  { sequence, contextTokens }: OpenContext,
  { ids, from }: Omit<ScoreTokens, 'adapter'>,
): Promise<TokenScores> {
  if (ids.length > contextTokens) {
    throw new SettingsError(`${ids.length} tokens do not fit the context of ${contextTokens}.`, { field: 'context' });
  }
  await sequence.clearHistory();
  const wanted = { generateNext: { token: true, probabilities: true } };
  const input = ids.slice(0, -1).map((id, i): ControlledEvaluateInputItem => (i + 1 >= from ? [id as Token, wanted] : (id as Token)));
  const outputs = await sequence.controlledEvaluate(input);
  const logps: number[] = [];
  const best: number[] = [];
  for (let position = from; position < ids.length; position += 1) {
    const next = outputs[position - 1]?.next;
    logps.push(Math.log(next?.probabilities?.get(ids[position] as Token) ?? 0));
    best.push(next?.token as number);
  }
  return { logps, best };
}
