/** @file Counts the tokens of rows with a model's own tokenizer and chat template. */
import { join } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import type { RowTokens } from '#engine/data/quality/fit-row.ts';
import type { Row } from '#engine/data/row.ts';
import { isTokenisedPair } from '#engine/data/tokenised.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { tokeniseRow } from '#engine/text/tokenise-row.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';

/**
 * @param startedAt - the date that a chat template may print
 * @returns null for a row that can't be tokenised
 * @throws {FormatError | UnsupportedModelError | StorageError} if it is no model, or has no tokenizer
 */
export async function createRowTokenCounter(modelDir: string, startedAt: Date): Promise<(row: Row) => RowTokens | null> {
  const folder = await openModelFolder(modelDir);
  const { vocabSize } = parseModelConfig(folder.configJson, join(folder.dir, 'config.json'));
  const tokenizer = createTokenizer(await readTokenizerFiles(folder.dir), () => startedAt);
  return (row) => {
    try {
      const { tokenised } = tokeniseRow(row, { tokenizer, vocabSize, file: 'the dataset' });
      const answers = isTokenisedPair(tokenised) ? [tokenised.chosenIds, tokenised.rejectedIds] : [tokenised.completionIds];
      return { prompt: tokenised.promptIds.length, answers: answers.map(({ length }) => length) };
    } catch (error) {
      if (error instanceof ImportError) return null;
      throw error;
    }
  };
}
