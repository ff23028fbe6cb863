/**
 * @file Cuts one prompt + completion to `max_length` tokens, as TRL's data collators do when a batch is built.
 */
import { SettingsError } from '#contract/errors.ts';

/** Which end of an over-long sequence stays. KTO knows only `keep_start`. */
export type TruncationMode = 'keep_start' | 'keep_end';

export interface TruncatedSequence {
  /** Prompt and completion, at most `maxLength` ids. */
  readonly ids: Int32Array;
  /** Index in `ids` of the first completion token; equal to `ids.length` when none is left. */
  readonly completionStart: number;
}

/**
 * Joins prompt and completion and truncates them.
 * @param maxLength - tokens kept; `null` keeps everything
 * @throws {SettingsError} if `maxLength` is not a positive integer
 * @see trl/trainer/kto_trainer.py (`DataCollatorForUnpairedPreference`), dpo_trainer.py (`DataCollatorForPreference`)
 */
export function truncateSequence(sequence: {
  readonly promptIds: Int32Array;
  readonly completionIds: Int32Array;
  readonly maxLength: number | null;
  readonly truncationMode: TruncationMode;
}): TruncatedSequence {
  const { promptIds, completionIds, maxLength, truncationMode } = sequence;
  if (maxLength !== null && !(Number.isInteger(maxLength) && maxLength > 0)) {
    throw new SettingsError(`max_length must be a positive whole number, or null for no limit; got ${maxLength}.`, { field: 'max_length' });
  }
  const ids = new Int32Array(promptIds.length + completionIds.length);
  ids.set(promptIds);
  ids.set(completionIds, promptIds.length);
  const excess = maxLength === null ? 0 : Math.max(0, ids.length - maxLength);
  if (excess === 0) return { ids, completionStart: promptIds.length };
  switch (truncationMode) {
    case 'keep_start': {
      const kept = ids.slice(0, ids.length - excess);
      return { ids: kept, completionStart: Math.min(promptIds.length, kept.length) };
    }
    case 'keep_end':
      return { ids: ids.slice(excess), completionStart: Math.max(0, promptIds.length - excess) };
    default:
      return truncationMode satisfies never;
  }
}
