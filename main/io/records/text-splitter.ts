/** @file What the readers of text formats have in common: they are fed with text and put records into a batch. */
import type { DecodedText } from './text-decoder.ts';

export interface TextSplitter {
  /** Yields whenever the batch is full, and goes on from there. */
  push(chunk: DecodedText): Generator<void>;
  /** What is left when the text has ended. */
  end(): Generator<void>;
}

/** Far beyond any real record, and well below what one JavaScript string can hold; in UTF-16 units, which is close to bytes. */
export const MOST_RECORD_CHARACTERS = 64 * 1024 * 1024;
export const MOST_RECORD_TEXT = '64 MB';

/** Far beyond any real table; a file of another kind that was taken for one may have millions. */
export const MOST_COLUMNS = 2000;
