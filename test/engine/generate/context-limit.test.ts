import { expect, it } from 'vitest';
import { SettingsError } from '#contract/errors.ts';
import { checkPromptFits, contextLimit } from '#engine/generate/context-limit.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { tinyLlamaConfig } from '#test/bench/tiny-llama-config.ts';

function config(rope: Readonly<Record<string, unknown>> | null, maxPositions = 100): ModelConfig {
  const changes = { max_position_embeddings: maxPositions, ...(rope ? { rope_scaling: rope } : {}) };
  return parseModelConfig({ ...tinyLlamaConfig(1), ...changes }, 'config.json');
}

it.each([
  [null, 100],
  [{ rope_type: 'linear', factor: 4 }, 400],
  [{ rope_type: 'dynamic', factor: 2 }, 200],
  [{ rope_type: 'yarn', factor: 4, original_max_position_embeddings: 100 }, 400],
  [{ rope_type: 'yarn', factor: 4, original_max_position_embeddings: 20 }, 100],
  [{ rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 5 }, 100],
])('with the rope %o a model of 100 positions reads %i tokens', (rope, expected) => {
  expect(contextLimit(config(rope))).toBe(expected);
});

it('a prompt needs a token, and leaves room for one', () => {
  const model = config(null, 8);
  expect(() => checkPromptFits(new Int32Array(7), model, 'The prompt')).not.toThrow();
  expect(() => checkPromptFits(new Int32Array(8), model, 'Prompt 3 of p.jsonl')).toThrow(
    new SettingsError('Prompt 3 of p.jsonl has 8 tokens, but the model reads 8 at most, prompt and answer together. Shorten the prompt.', {
      field: 'prompt',
    }),
  );
  expect(() => checkPromptFits(new Int32Array(), model, 'The prompt')).toThrow(
    'The prompt has no tokens, and the model needs one to begin with.',
  );
});
