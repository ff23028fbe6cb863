/** @file What `max_length` does to a row, from its token counts alone. */

/** Tokens of a row's parts: the prompt, and the completion or both answers of a pair. */
export interface RowTokens {
  readonly prompt: number;
  /** [completion] or [chosen, rejected], each with its end-of-sequence token. */
  readonly answers: readonly number[];
}

/** `max_length` and which end of an over-long sequence stays. */
export interface LengthLimit {
  /** Null for no limit. */
  readonly maxLength: number | null;
  readonly truncationMode: 'keep_start' | 'keep_end';
}

export interface RowFit {
  /** dropped: the row is not trained on. cut: an answer, or with keep_end the prompt or an answer, loses tokens. */
  readonly fit: 'whole' | 'cut' | 'dropped';
  /** Answer tokens that are lost by cutting. */
  readonly lostAnswerTokens: number;
}

/**
 * As tokenising decides: a row without answer tokens is dropped, and with keep_start so is one whose prompt alone fills `maxLength`;
 * otherwise each sequence is cut to it.
 */
export function fitRow({ prompt, answers }: RowTokens, { maxLength, truncationMode }: LengthLimit): RowFit {
  const limit = maxLength ?? Number.POSITIVE_INFINITY;
  if ((truncationMode === 'keep_start' && prompt >= limit) || answers.includes(0)) return { fit: 'dropped', lostAnswerTokens: 0 };
  const room = truncationMode === 'keep_start' ? limit - prompt : limit;
  const lostAnswerTokens = answers.reduce((lost, tokens) => lost + Math.max(0, tokens - room), 0);
  return { fit: answers.some((tokens) => prompt + tokens > limit) ? 'cut' : 'whole', lostAnswerTokens };
}
