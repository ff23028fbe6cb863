/**
 * @file How TRL 0.8 cut rows that are longer than `max_length`, for experiments that repeat a training of that time. Nothing else may use it: where
 * `max_prompt_length` exceeds `max_length`, it empties the answers.
 * @see trl 0.8.5: trainer/kto_trainer.py (`_process_tokens`), trainer/dpo_trainer.py (`tokenize_row`)
 */

export interface Trl08Limits {
  readonly maxLength: number;
  readonly maxPromptLength: number;
}

interface Ends {
  readonly bosId: number;
  readonly eosId: number;
}

/**
 * KTO. The prompt keeps its end, the answer its beginning; BOS and EOS are always added, and two places are kept free for them.
 * @param row - ids without BOS and EOS
 */
export function truncateKtoAsTrl08(
  row: { readonly promptIds: readonly number[]; readonly answerIds: readonly number[] },
  { maxLength, maxPromptLength, bosId, eosId }: Trl08Limits & Ends,
): { readonly promptIds: number[]; readonly completionIds: number[] } {
  const limit = maxLength - 2;
  let { promptIds: prompt, answerIds: answer } = row;
  if (prompt.length + answer.length > limit) prompt = prompt.slice(-maxPromptLength);
  if (prompt.length + answer.length > limit) answer = answer.slice(0, limit - maxPromptLength); // from the end where that is negative
  return { promptIds: [bosId, ...prompt], completionIds: [...answer, eosId] };
}

/**
 * DPO. The longer answer decides for both; EOS has been appended before the answers are cut, so it goes with the rest.
 * @param pair - ids without BOS and EOS
 */
export function truncateDpoAsTrl08(
  pair: { readonly promptIds: readonly number[]; readonly chosenIds: readonly number[]; readonly rejectedIds: readonly number[] },
  { maxLength, maxPromptLength, bosId, eosId }: Trl08Limits & Ends,
): { readonly promptIds: number[]; readonly chosenIds: number[]; readonly rejectedIds: number[] } {
  let prompt = [bosId, ...pair.promptIds];
  let answers = [pair.chosenIds, pair.rejectedIds].map((ids) => [...ids, eosId]);
  const longer = Math.max(...answers.map(({ length }) => length));
  if (prompt.length + longer > maxLength) prompt = prompt.slice(-maxPromptLength);
  answers = answers.map((ids) => (prompt.length + longer > maxLength ? ids.slice(0, maxLength - maxPromptLength) : ids));
  const [chosenIds = [], rejectedIds = []] = answers;
  return { promptIds: prompt, chosenIds, rejectedIds };
}
