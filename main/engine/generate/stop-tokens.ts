/** @file The tokens at which an answer ends. */
import { FormatError } from '#contract/errors.ts';
import type { TextTokenizer } from '#engine/text/tokenizer.ts';

/** Stands for an answer where it shows what a chat template writes after one. */
const ANSWER = 'An answer.';

export interface StopTokenSources {
  /** Parsed generation_config.json, or null. */
  readonly generationConfig: unknown;
  /** Parsed config.json. */
  readonly modelConfig: unknown;
  /** Null for a model folder without one. */
  readonly tokenizer: TextTokenizer | null;
}

/**
 * `eos_token_id` of generation_config.json, or else of config.json; the tokenizer's end-of-sequence token; and the special token that the chat
 * template puts behind an answer, which is often another one.
 */
export function stopTokens({ generationConfig, modelConfig, tokenizer }: StopTokenSources): ReadonlySet<number> {
  const configured = eosIds(generationConfig);
  const ids = new Set(configured.length > 0 ? configured : eosIds(modelConfig));
  if (!tokenizer) return ids;
  if (tokenizer.eosToken !== null) {
    const [id, ...more] = tokenizer.encodeBare(tokenizer.eosToken);
    if (id !== undefined && more.length === 0) ids.add(id);
  }
  const turnEnd = turnEndToken(tokenizer);
  if (turnEnd !== null) ids.add(turnEnd);
  return ids;
}

function eosIds(config: unknown): readonly number[] {
  const value = typeof config === 'object' && config !== null ? (config as { eos_token_id?: unknown }).eos_token_id : undefined;
  return [value].flat().filter((id): id is number => typeof id === 'number' && Number.isInteger(id) && id >= 0);
}

function turnEndToken(tokenizer: TextTokenizer): number | null {
  if (!tokenizer.hasChatTemplate) return null;
  const after = textAfterAnswer(tokenizer);
  const [id] = after === null ? [] : tokenizer.encodeBare(after.trimStart());
  const isSpecial = id !== undefined && tokenizer.decode([id]) !== '' && tokenizer.decode([id], { skipSpecialTokens: true }) === '';
  return isSpecial ? id : null;
}

function textAfterAnswer(tokenizer: TextTokenizer): string | null {
  try {
    const messages = [
      { role: 'user', content: 'A question?' },
      { role: 'assistant', content: ANSWER },
    ];
    const text = tokenizer.applyChatTemplate(messages, { addGenerationPrompt: false });
    const start = text.lastIndexOf(ANSWER);
    return start < 0 ? null : text.slice(start + ANSWER.length);
  } catch (error) {
    if (error instanceof FormatError) return null; // a template for other conversations
    throw error;
  }
}
