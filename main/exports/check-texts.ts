/** @file The texts on which an export is compared with the run it came from. */
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';

/** Prose, a review, numbers, code and other scripts: enough to notice a wrong weight, few enough to be quick. */
const TEXTS = [
  'The reviewer thanks the authors, but finds the evaluation too narrow to support the main claim.',
  'Please answer in one short sentence: why is the sky blue in the day and red in the evening?',
  'In 1998, 42 of 1,250 samples (3.4 %) were lost; the rest was measured again on 7 March.',
  'def mean(values):\n    return sum(values) / len(values)\n',
  'Größe, naïveté, señor — 你好，世界。 Привет! 😀',
];
/** Of each text; a check should not take minutes on a large model. */
const MAX_TOKENS = 48;

/** @returns token sequences of 2 to 48 tokens */
export async function checkSequences(modelDir: string): Promise<Int32Array[]> {
  const tokenizer = createTokenizer(await readTokenizerFiles(modelDir), () => new Date());
  return TEXTS.map((text) => tokenizer.encode(text).slice(0, MAX_TOKENS)).filter(({ length }) => length >= 2);
}
