/** @file Whether a model can answer a prompt: one that is too long is passed over, where others would have to wait for it to be shortened. */
import { SettingsError } from '#contract/errors.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import type { Answerer } from '#jobs/generate/answerer.ts';

/** @throws {FormatError} if the model can't take prompts of this form at all */
export function fitsModel(answerer: Answerer, prompt: Prompt): boolean {
  try {
    answerer.encode([prompt], 'pairs');
    return true;
  } catch (error) {
    if (error instanceof SettingsError) return false;
    throw error;
  }
}
