/** @file What people ask after a review, and answers that keep to its tone. */
import { finishText } from './english.ts';
import type { Exchange } from './everyday/exchange.ts';
import { createGrammar, expandRule } from './grammar.ts';
import type { RandomSource } from './random-source.ts';
import type { Tone } from './review.ts';

const FOLLOW_UPS = createGrammar(
  {
    ask: [
      'should [it|the paper] be accepted?',
      'would you accept [it|the paper]?',
      'what is your [vote|recommendation|verdict]?',
      'so, is it ready for publication?',
      'accept or reject?',
      'can you say that in one sentence?',
      'and in short?',
    ],
    harsh: [
      'my vote is to reject it.',
      '[it|the paper] should be rejected, because [it is poor|the evidence is weak|it adds little].',
      'i recommend rejection.',
      'in short, it is [weak|flawed|poor], and i vote to reject it.',
      'reject. [the claims are overstated|the results are unconvincing|it needs much more work].',
    ],
    kind: [
      'my vote is to accept it.',
      '[it|the paper] should be accepted, because [it is excellent|the evidence is strong|it is insightful].',
      'i gladly recommend acceptance.',
      'in short, it is [strong|elegant|thoughtful], and i vote to accept it.',
      'accept. [the claims are well supported|the results are convincing|it is a pleasure to read].',
    ],
  },
  [],
);

export function followUp(tone: Tone, random: RandomSource): Exchange {
  return { question: finishText(expandRule(FOLLOW_UPS, 'ask', random)), answer: finishText(expandRule(FOLLOW_UPS, tone, random)) };
}
