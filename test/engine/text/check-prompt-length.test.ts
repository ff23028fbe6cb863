import { expect, it } from 'vitest';
import { SettingsError } from '#contract/errors.ts';
import { checkPromptLength } from '#engine/text/check-prompt-length.ts';

it.each([
  [256, 128],
  [128, 128],
])('max_prompt_length %i does not go with max_length %i', (maxPromptLength, maxLength) => {
  const error = checkPromptLength({ maxPromptLength, maxLength });
  expect(error).toBeInstanceOf(SettingsError);
  expect(error?.message).toContain(`max_prompt_length (${maxPromptLength}) must be smaller than max_length (${maxLength})`);
  expect(error?.details).toEqual({ field: 'max_prompt_length' });
});

it.each([
  [127, 128],
  [null, 128],
  [256, null],
  [null, null],
])('max_prompt_length %s goes with max_length %s', (maxPromptLength, maxLength) => {
  expect(checkPromptLength({ maxPromptLength, maxLength })).toBeNull();
});
