/** @file A prompt as the tokens that the model continues. */
import { FormatError } from '#contract/errors.ts';
import { checkPromptFits } from '#engine/generate/context-limit.ts';
import type { GenerationPrompt } from '#engine/generate/generate.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import type { TextTokenizer } from '#engine/text/tokenizer.ts';

export interface EncodePromptOptions {
  /** Null for a model folder without one: then only token ids will do. */
  readonly tokenizer: TextTokenizer | null;
  readonly config: ModelConfig;
  /** Names the prompt in messages: `Prompt 3 of prompts.jsonl`. */
  readonly what: string;
}

/**
 * @throws {SettingsError} if it is empty or too long for the model
 * @throws {FormatError} if the model cannot take a prompt of this form
 */
export function encodePrompt(prompt: Prompt, { tokenizer, config, what }: EncodePromptOptions): GenerationPrompt {
  const ids = idsOf(prompt, tokenizer, what);
  checkPromptFits(ids, config, what);
  const unknown = ids.find((id) => id < 0 || id >= config.vocabSize);
  if (unknown !== undefined) {
    throw new FormatError(
      `${what} holds the token ${unknown}; the model knows ${config.vocabSize}. Model and tokenizer do not belong together.`,
      {
        file: what,
        field: 'prompt_ids',
      },
    );
  }
  return { ids, isContinued: prompt.form !== 'chat' };
}

function idsOf(prompt: Prompt, tokenizer: TextTokenizer | null, what: string): Int32Array {
  if (prompt.form === 'tokens') return prompt.ids;
  if (tokenizer === null)
    throw new FormatError(`${what} is a text, but the model has no tokenizer. Give \`prompt_ids\`.`, { file: what, field: 'prompt' });
  if (prompt.form === 'text') return tokenizer.encode(prompt.text);
  const { tools, templateKwargs } = prompt.options;
  return tokenizer.encodeChat(prompt.messages, { addGenerationPrompt: true, tools, templateKwargs });
}
