/** @file Word lists that both tones share: the parts of a paper, and what papers have to cope with. */
import type { RuleTable } from './grammar.ts';

function words(list: string): readonly string[] {
  return list.split(',').map((word) => word.trim());
}

/** What a review takes from its paper. */
export const PAPER_WORDS = ['method', 'topic', 'field'] as const;

export const SHARED_REVIEW_RULES: RuleTable = {
  // Singular parts, then plural ones: "the {part} is", "the {parts} are".
  part: words(
    'evaluation, analysis, main argument, method section, discussion, introduction, abstract, derivation, conclusion, experimental design, central claim, error analysis, main result, case study, second half',
  ),
  parts: words('experiments, results, figures, tables, proofs, baselines, claims, examples, definitions, comparisons, arguments'),
  work: ['paper', 'paper', 'work', 'submission', 'study', 'manuscript'],
  problem: words(
    'noise, missing data, larger inputs, real users, changing conditions, rare cases, small samples, hard examples, measurement errors, new settings, unusual cases, limited memory',
  ),
};
