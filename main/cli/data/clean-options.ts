/** @file What cleaning does, as options and in words. */
import { DEFAULT_CHOICES, type CleaningChoices, type CleaningReport } from '#engine/data/cleaning/cleaning-report.ts';
import type { VerdictCode } from '#engine/data/cleaning/verdicts.ts';
import { INPUT_GROUP } from '#cli/common-options.ts';
import type { Fact } from '#cli/fact-sheet.ts';
import { formatCount } from '#cli/format-quantity.ts';
import { valueOption, type GivenOptions, type OptionSpec } from '#cli/option-spec.ts';
import { wordOf } from './number-option.ts';

const IN_INPUT = { group: INPUT_GROUP };

export const CLEANING_OPTIONS: readonly OptionSpec[] = [
  valueOption('duplicates', 'merge|keep', 'Whether rows that say the same are merged into one.', { ...IN_INPUT, default: 'merge' }),
  valueOption('compare', 'near|exact', 'With near, case, spacing and last marks do not tell texts apart.', {
    ...IN_INPUT,
    default: 'near',
  }),
  valueOption('conflicts', 'neither|majority', 'Which rows stay of one answer that is labelled both ways.', {
    ...IN_INPUT,
    default: 'neither',
  }),
  valueOption('empty-answers', 'leave-out|keep', 'What becomes of answers of white space alone.', { ...IN_INPUT, default: 'leave-out' }),
];

/** @throws {SettingsError} */
export function cleaningChoices(given: GivenOptions): CleaningChoices {
  return {
    duplicates: wordOf(given, 'duplicates', ['merge', 'keep']) ?? DEFAULT_CHOICES.duplicates,
    compare: wordOf(given, 'compare', ['near', 'exact']) ?? DEFAULT_CHOICES.compare,
    // There is nobody to ask.
    conflicts: wordOf(given, 'conflicts', ['neither', 'majority']) ?? 'neither',
    emptyAnswers: wordOf(given, 'empty-answers', ['leave-out', 'keep']) ?? DEFAULT_CHOICES.emptyAnswers,
  };
}

const VERDICTS: Readonly<Record<Exclude<VerdictCode, 'keep' | 'pending'>, string>> = {
  'merged-exact': 'say the same as another, and are merged into it',
  'merged-near': 'say nearly the same as another, and are merged into it',
  'empty-answer': 'have an empty answer',
  'same-answers': 'have the same text as chosen and rejected',
  'nearly-same-answers': 'have nearly the same text as chosen and rejected',
  conflict: 'say the opposite of others',
};

export function cleaningFacts({ rows, kept, counts, conflictCount }: CleaningReport): readonly (Fact | null)[] {
  const found = Object.entries(VERDICTS).flatMap(([code, words]) => {
    const count = counts[code as VerdictCode];
    return count === 0 ? [] : [`${formatCount(count)} ${words}`];
  });
  return [
    ['Looked at', `${formatCount(rows)} rows`],
    ['Found', found.length === 0 ? 'nothing' : found.join('\n')],
    conflictCount === 0 ? null : ['Conflicts', `${formatCount(conflictCount)} answers are labelled both ways`],
    ['Stay', `${formatCount(kept)} rows`],
  ];
}
