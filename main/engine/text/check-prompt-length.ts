/**
 * @file Guards `max_prompt_length` against `max_length`. Current TRL has no `max_prompt_length`; in TRL 0.8 a value above
 * `max_length` made the slice of the answer negative and emptied completions without a word.
 */
import { SettingsError } from '#contract/errors.ts';

/** The error to show for these two settings, or `null` when they go together. Lengths are in tokens; `null` = not set. */
export function checkPromptLength(settings: {
  readonly maxPromptLength: number | null;
  readonly maxLength: number | null;
}): SettingsError | null {
  const { maxPromptLength, maxLength } = settings;
  if (maxPromptLength === null || maxLength === null || maxPromptLength < maxLength) return null;
  return new SettingsError(
    `max_prompt_length (${maxPromptLength}) must be smaller than max_length (${maxLength}): max_length counts prompt and completion` +
      ' together, so such a prompt leaves no completion to train on (old TRL versions then trained on empty ones).' +
      ' Raise max_length, or leave max_prompt_length out.',
    { field: 'max_prompt_length' },
  );
}
