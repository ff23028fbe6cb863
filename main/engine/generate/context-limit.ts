/** @file How long a sequence a model can read. */
import { SettingsError } from '#contract/errors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';

/**
 * Tokens of prompt and answer together: `max_position_embeddings`, or as far as the rope of the model stretches where config.json gives the length
 * before stretching there.
 */
export function contextLimit({ maxPositions, rope }: ModelConfig): number {
  switch (rope.type) {
    case 'linear':
    case 'dynamic':
      return Math.floor(maxPositions * Math.max(1, rope.factor));
    case 'yarn':
    case 'llama3':
      return Math.max(maxPositions, Math.floor(rope.originalMaxPositions * rope.factor));
    case 'default':
      return maxPositions;
    default:
      return rope satisfies never;
  }
}

/**
 * @param what - names the prompt: `Prompt 3 of prompts.jsonl`
 * @throws {SettingsError} if there is no token in the prompt, or no room for one behind it
 */
export function checkPromptFits(ids: Int32Array, config: ModelConfig, what: string): void {
  if (ids.length === 0) {
    throw new SettingsError(`${what} has no tokens, and the model needs one to begin with. Write something into it.`, { field: 'prompt' });
  }
  const limit = contextLimit(config);
  if (ids.length < limit) return;
  throw new SettingsError(
    `${what} has ${ids.length} tokens, but the model reads ${limit} at most, prompt and answer together. Shorten the prompt.`,
    { field: 'prompt' },
  );
}
