/** @file The tokenizer that a set of rows needs. */
import { InternalError } from '#contract/errors.ts';
import type { Row } from '#engine/data/row.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import type { TextTokenizer } from '#engine/text/tokenizer.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';

/**
 * Rows of token ids need none, so a model folder without a tokenizer can still be used with them.
 * @param startedAt - the date that a chat template may print
 */
export async function tokenizerFor(rows: readonly Row[], modelDir: string, startedAt: Date): Promise<TextTokenizer> {
  if (rows.some(({ form }) => form !== 'tokens')) return createTokenizer(await readTokenizerFiles(modelDir), () => startedAt);
  const unavailable = () => {
    throw new InternalError('A row of token ids was sent to the tokenizer.');
  };
  return {
    encode: unavailable,
    encodeBare: unavailable,
    applyChatTemplate: unavailable,
    encodeChat: unavailable,
    decode: unavailable,
    hasChatTemplate: false,
    bosToken: null,
    eosToken: null,
    padTokenId: null,
    vocabSize: 0,
  };
}
