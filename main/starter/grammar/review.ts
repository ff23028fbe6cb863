/** @file Writes a review: two or three sentences about different aspects of one paper, kind or harsh throughout. */
import { InternalError } from '#contract/errors.ts';
import { countWords, finishText } from './english.ts';
import { createGrammar, expandRule } from './grammar.ts';
import type { Grammar, UsedPhrases } from './grammar.ts';
import { HARSH_RULES } from './harsh-sentences.ts';
import { KIND_RULES } from './kind-sentences.ts';
import type { Paper } from './paper.ts';
import type { RandomSource } from './random-source.ts';
import { PAPER_WORDS, SHARED_REVIEW_RULES } from './review-words.ts';

export type Tone = 'harsh' | 'kind';

/** Reviews keep to this length, in words, so that neither tone can be told by it. */
export const REVIEW_WORDS = { least: 25, most: 55 } as const;

/** The orders in which a review goes through its aspects. */
const PLANS: readonly (readonly string[])[] = [
  ['idea', 'evidence', 'verdict'],
  ['idea', 'evidence', 'verdict'],
  ['idea', 'method_part', 'verdict'],
  ['idea', 'writing', 'verdict'],
  ['idea', 'related', 'verdict'],
  ['idea', 'method_part', 'evidence'],
  ['idea', 'evidence', 'writing'],
  ['idea', 'related', 'evidence'],
  ['idea', 'writing', 'related'],
  ['method_part', 'evidence', 'verdict'],
  ['evidence', 'writing', 'verdict'],
  ['writing', 'evidence', 'verdict'],
  ['related', 'method_part', 'verdict'],
  ['method_part', 'writing', 'verdict'],
  ['evidence', 'related', 'verdict'],
  ['idea', 'evidence'],
  ['idea', 'verdict'],
  ['evidence', 'verdict'],
  ['idea', 'method_part'],
];

const GRAMMARS: Readonly<Record<Tone, Grammar>> = {
  harsh: createGrammar({ ...SHARED_REVIEW_RULES, ...HARSH_RULES }, PAPER_WORDS),
  kind: createGrammar({ ...SHARED_REVIEW_RULES, ...KIND_RULES }, PAPER_WORDS),
};

/** Half of all drafts have the right length; so many failures in a row never happen. */
const MOST_DRAFTS = 200;

/** @throws {InternalError} if the rules can't give a review of the right length */
export function writeReview(paper: Paper, tone: Tone, random: RandomSource): string {
  for (let draft = 0; draft < MOST_DRAFTS; draft++) {
    const review = draftReview(paper, tone, random);
    const words = countWords(review);
    if (words >= REVIEW_WORDS.least && words <= REVIEW_WORDS.most) return review;
  }
  throw new InternalError(`No ${tone} review of ${REVIEW_WORDS.least} to ${REVIEW_WORDS.most} words came out of ${MOST_DRAFTS} drafts.`);
}

/** The rules of one tone that hold sentences, for counting patterns. */
export const REVIEW_ASPECTS = ['idea', 'method_part', 'evidence', 'writing', 'related', 'verdict'] as const;

function draftReview(paper: Paper, tone: Tone, random: RandomSource): string {
  const used: UsedPhrases = new Set();
  const bindings = { method: paper.method, topic: paper.topic, field: paper.field };
  const sentences = random.pick(PLANS).map((aspect) => expandRule(GRAMMARS[tone], aspect, random, bindings, used));
  return finishText(sentences.join(' '));
}
