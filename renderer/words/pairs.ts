/** @file What the Pairs step says. */
import { counted, formatCount, formatPercent } from './numbers.ts';

const rows = (count: number): string => counted(count, 'row', 'rows');

export const pairsWords = {
  blocked: {
    title: 'Pairs opens after the first data',
    about: 'Here pairs become examples, duplicates are found, and some prompts are held out for evaluation.',
  },
  loading: 'Loading the datasets',
  dataset: 'Train on',
  datasetOption: (name: string, number: number, count: number): string => `${name} · version ${number} · ${rows(count)}`,
  dpoNote:
    'DPO trains on pairs as they are; KTO on each answer by itself. For both methods, keep the pairs here: KTO takes them apart by itself.',
  unpair: {
    title: 'From pairs to examples',
    about: (pairs: number): string =>
      `${counted(pairs, 'pair becomes', 'pairs become')} ${formatCount(pairs * 2)} examples: each chosen answer a desirable one, each rejected answer an undesirable one.`,
    pair: 'A pair',
    examples: 'Two examples',
    previous: 'Previous pair',
    next: 'Next pair',
    place: (index: number, count: number): string => `Pair ${formatCount(index + 1)} of ${formatCount(count)}`,
    name: 'Name of the new dataset',
    suggested: (name: string): string => `${name} (examples)`,
    make: 'Make examples',
    done: (count: number): string => `${rows(count)} were made. They are chosen above.`,
    loading: 'Loading pairs',
  },
  clean: {
    title: 'Duplicates and contradictions',
    look: 'Look for duplicates',
    about: 'Rows that say the same again, and answers that are labelled both ways, teach little or the wrong thing.',
    nothing: (count: number): string => `None among ${rows(count)}.`,
    kept: (kept: number, all: number): string => `${formatCount(kept)} of ${rows(all)} stay.`,
    found: {
      mergedExact: (count: number): string => `${rows(count)} repeated to the letter`,
      mergedNear: (count: number): string => `${rows(count)} repeated but for case, space or punctuation`,
      emptyAnswer: (count: number): string => `${rows(count)} with an empty answer`,
      sameAnswers: (count: number): string => `${counted(count, 'pair', 'pairs')} with the same answer twice`,
      conflict: (count: number): string => `${rows(count)} left out because of a contradiction`,
      pending: (count: number): string => `${rows(count)} wait for your decision`,
    },
    duplicates: { label: 'Duplicates', merge: 'Merge into one', keep: 'Keep all' },
    compare: { label: 'The same is', near: 'nearly the same', exact: 'the same to the letter' },
    conflicts: { label: 'Contradictions', ask: 'Ask me', majority: 'Majority decides', neither: 'Keep neither' },
    emptyAnswers: { label: 'Empty answers', 'leave-out': 'Leave out', keep: 'Keep' },
    conflictTitle: (count: number): string => counted(count, 'contradiction', 'contradictions'),
    firstOf: (shown: number, all: number): string => `The first ${formatCount(shown)} of ${formatCount(all)} are listed.`,
    saidBy: (count: number): string => `said by ${rows(count)}`,
    right: 'This is right',
    neither: 'Neither',
    conflictOf: (index: number): string => `Contradiction ${formatCount(index + 1)}`,
    apply: (version: number): string => `Save as version ${version}`,
    applied: (version: number, count: number): string => `Version ${version} with ${rows(count)} is chosen now.`,
    pendingNote: 'Contradictions that you don’t decide are left out.',
    repeated: 'Most repeated',
    times: (count: number): string => `${formatCount(count)} times`,
  },
  split: {
    title: 'Hold out prompts',
    about: 'Evaluation on prompts that were never trained on shows whether the model learned more than the answers by heart.',
    ratio: 'Share of the prompts',
    seed: 'Seed',
    near: 'Keep nearly identical prompts on one side',
    make: 'Hold out',
    again: 'Hold out anew',
    train: 'Trained on',
    heldOut: 'Held out',
    leftOut: 'On neither side',
    rows,
    prompts: (count: number): string => counted(count, 'prompt', 'prompts'),
    sideLabels: (desirable: number, undesirable: number): string =>
      `${formatCount(desirable)} desirable, ${formatCount(undesirable)} undesirable`,
    made: (ratio: number | null, seed: number | null): string =>
      [ratio === null ? null : `${formatPercent(ratio)} of the prompts`, seed === null ? null : `seed ${seed}`].filter(Boolean).join(', '),
    nearFound: (count: number): string =>
      `${counted(count, 'prompt is', 'prompts are')} nearly the same as another one and stayed together.`,
    keptSides: 'Prompts of the earlier version stayed on their sides.',
    sizes: 'Sizes of both sides',
    none: 'Nothing is held out yet.',
  },
  balance: {
    title: 'Balance of labels',
    bar: (desirable: number, undesirable: number): string =>
      `${formatCount(desirable)} desirable and ${formatCount(undesirable)} undesirable examples`,
    pairs: 'A pair gives one example of each label, so pairs are always balanced.',
    use: 'Use',
    inUse: 'in use',
    advised: 'advised',
    kinds: {
      leave: 'Leave as it is',
      'raise-weight': 'Weigh the rare label more',
      'lower-weight': 'Weigh the common label less',
      subsample: 'Leave some out',
    },
    weights: (desirable: number, undesirable: number): string => `desirable_weight ${desirable} · undesirable_weight ${undesirable}`,
    ratio: (ratio: number): string => `weighted ratio ${ratio.toFixed(2)}`,
    mixing: (mixed: number, batches: number, batchSize: number): string =>
      `${formatCount(mixed)} of ${counted(batches, 'batch', 'batches')} of ${formatCount(batchSize)} hold both labels (${formatPercent(batches === 0 ? 0 : mixed / batches)}).`,
    loading: 'Counting labels',
  },
  report: {
    title: 'Quality report',
    make: 'Look at the quality',
    again: 'Look again',
    facts: (count: number, prompts: number): string => `${rows(count)}, ${counted(prompts, 'different prompt', 'different prompts')}.`,
    promptLengths: 'Prompts, characters',
    answerLengths: 'Answers, characters',
    percentiles: (p50: number, p95: number, max: number): string =>
      `half have up to ${formatCount(p50)}, 95 % up to ${formatCount(p95)}, the longest ${formatCount(max)}`,
    scripts: 'Scripts',
    scriptsOf: (prompts: string, answers: string): string => `Prompts: ${prompts}. Answers: ${answers}.`,
    repeated: 'Repeated prompts',
    noneRepeated: 'No prompt is repeated.',
    longest: 'Longest rows',
    characters: (count: number): string => `${formatCount(count)} characters`,
    leaks: (same: number, near: number, all: number): string =>
      same + near === 0
        ? `None of ${counted(all, 'held-out row', 'held-out rows')} repeats a prompt that is trained on.`
        : `Of ${counted(all, 'held-out row', 'held-out rows')} ${formatCount(same)} have the same prompt as one that is trained on, ${formatCount(near)} nearly the same.`,
    tokens: 'Lengths in real tokens, and what max_length cuts, are shown where the model is chosen.',
    bin: (from: number, below: number | null, count: number): string =>
      `${formatCount(from)} ${below === null ? 'and more' : `to ${formatCount(below - 1)}`}: ${formatCount(count)}`,
  },
} as const;
