/** @file The pairs as TRL 0.8 cut them, as rows of token ids. */
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';
import type { ReviewPair } from './review-pairs.ts';
import { MODEL_DIR } from './run-method.ts';
import { truncateDpoAsTrl08, truncateKtoAsTrl08 } from './trl-08-truncation.ts';
import type { Trl08Limits } from './trl-08-truncation.ts';

/** `<|im_start|>`, with which every prompt begins, and `<|im_end|>`, with which every answer ends. */
const ENDS = { bosId: 1, eosId: 2 };

/** A pair of which nothing is left has the same loss whatever the model is, and no gradient; it is left out. */
export async function cutAsTrl08(pairs: readonly ReviewPair[], method: 'kto' | 'dpo', limits: Trl08Limits): Promise<object[]> {
  const tokenizer = createTokenizer(await readTokenizerFiles(MODEL_DIR), () => new Date(0));
  const options = { ...limits, ...ENDS };
  const rows = pairs.map(({ prompt, chosen, rejected }) => ({
    promptIds: [
      ...tokenizer.encodeChat(
        prompt.map((turn) => ({ ...turn })),
        { addGenerationPrompt: true },
      ),
    ].slice(1),
    chosenIds: [...tokenizer.encodeBare(chosen[0]?.content ?? '')],
    rejectedIds: [...tokenizer.encodeBare(rejected[0]?.content ?? '')],
  }));
  if (method === 'dpo') {
    const cut = rows
      .map((row) => truncateDpoAsTrl08(row, options))
      .filter(({ chosenIds, rejectedIds }) => chosenIds.length > 0 && rejectedIds.length > 0);
    process.stderr.write(`${rows.length - cut.length} of ${rows.length} pairs have lost an answer.\n`);
    return cut.map(({ promptIds, chosenIds, rejectedIds }) => ({
      prompt_ids: promptIds,
      chosen_ids: chosenIds,
      rejected_ids: rejectedIds,
    }));
  }
  const sides = [true, false].flatMap((label) =>
    rows.map(({ promptIds, chosenIds, rejectedIds }) => ({
      ...truncateKtoAsTrl08({ promptIds, answerIds: label ? chosenIds : rejectedIds }, options),
      label,
    })),
  );
  const bare = sides.filter(({ completionIds }) => completionIds.length === 1).length;
  process.stderr.write(`${bare} of ${sides.length} answers are nothing but the end token.\n`);
  return sides.map(({ promptIds, completionIds, label }) => ({ prompt_ids: promptIds, completion_ids: completionIds, label }));
}
