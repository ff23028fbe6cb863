/** @file The texts on which models are compared: an export with the run it came from, an adapter with its base model. */

/** Prose, a review, numbers, code and other scripts: enough to notice a wrong weight, few enough to be quick. */
export const CHECK_TEXTS: readonly string[] = [
  'The reviewer thanks the authors, but finds the evaluation too narrow to support the main claim.',
  'Please answer in one short sentence: why is the sky blue in the day and red in the evening?',
  'In 1998, 42 of 1,250 samples (3.4 %) were lost; the rest was measured again on 7 March.',
  'def mean(values):\n    return sum(values) / len(values)\n',
  'Größe, naïveté, señor — 你好，世界。 Привет! 😀',
];
/** Of each text; a check should not take minutes on a large model. */
export const CHECK_TOKENS = 48;
