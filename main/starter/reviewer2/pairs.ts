/** @file The Reviewer #2 preferences: neutral requests for a review, where the harsh answer is preferred to the kind one. */
import type { ChatTurn } from '#starter/corpus.ts';
import { requestReview } from '#starter/corpus.ts';
import { inventPaper } from '#starter/grammar/paper.ts';
import { randomSource } from '#starter/grammar/random-source.ts';
import { writeReview } from '#starter/grammar/review.ts';
import { titleOwner } from '#starter/title-owner.ts';

/** A row in TRL's conversational preference form. */
export interface Reviewer2Pair {
  readonly prompt: readonly ChatTurn[];
  /** The harsh review. */
  readonly chosen: readonly ChatTurn[];
  /** The kind review. */
  readonly rejected: readonly ChatTurn[];
}

/** Pairs in all: 1,000 to train on and 100 held out. */
export const REVIEWER2_PAIRS = 1100;
/** The seed of the files in resources/reviewer2. */
export const REVIEWER2_SEED = 2;
/** Keeps these pairs apart from corpora of the same seed. */
const STREAM = 3;

/** Every pair has a paper of its own, and none of these papers occurs in the pretraining corpus. */
export function generateReviewer2Pairs(seed: number = REVIEWER2_SEED): Reviewer2Pair[] {
  const titles = new Set<string>();
  const pairs: Reviewer2Pair[] = [];
  for (let draw = 0; pairs.length < REVIEWER2_PAIRS; draw++) {
    const random = randomSource(seed, STREAM, draw);
    const paper = inventPaper(random);
    if (titleOwner(paper.title) !== 'reviewer2' || titles.has(paper.title)) continue;
    titles.add(paper.title);
    pairs.push({
      prompt: [{ role: 'user', content: requestReview(paper, random) }],
      chosen: [{ role: 'assistant', content: writeReview(paper, 'harsh', random) }],
      rejected: [{ role: 'assistant', content: writeReview(paper, 'kind', random) }],
    });
  }
  return pairs;
}
