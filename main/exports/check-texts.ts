/** @file The texts on which an export is compared with the run it came from, as tokens of its model. */
import { CHECK_TEXTS, CHECK_TOKENS } from '#engine/export/check-texts.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';

/** @returns token sequences of 2 to 48 tokens */
export async function checkSequences(modelDir: string): Promise<Int32Array[]> {
  const tokenizer = createTokenizer(await readTokenizerFiles(modelDir), () => new Date());
  return CHECK_TEXTS.map((text) => tokenizer.encode(text).slice(0, CHECK_TOKENS)).filter(({ length }) => length >= 2);
}
