/** @file The two tones of a review. */
import { describe, expect, it } from 'vitest';
import { countWords } from '#starter/grammar/english.ts';
import { HARSH_RULES } from '#starter/grammar/harsh-sentences.ts';
import { KIND_RULES } from '#starter/grammar/kind-sentences.ts';
import { inventPaper } from '#starter/grammar/paper.ts';
import { randomSource } from '#starter/grammar/random-source.ts';
import { REVIEW_ASPECTS, REVIEW_WORDS, writeReview } from '#starter/grammar/review.ts';
import { distinctSentences, nearestNeighbour } from '#starter/text-figures.ts';

const TONES = ['harsh', 'kind'] as const;
const reviews = TONES.flatMap((tone) =>
  Array.from({ length: 1500 }, (_, i) => {
    const random = randomSource(21, i);
    const paper = inventPaper(random);
    return { tone, paper, text: writeReview(paper, tone, random) };
  }),
);

describe('writeReview', () => {
  it('has at least 60 sentence patterns a tone', () => {
    for (const rules of [HARSH_RULES, KIND_RULES]) {
      expect(REVIEW_ASPECTS.reduce((sum, aspect) => sum + (rules[aspect]?.length ?? 0), 0)).toBeGreaterThanOrEqual(60);
    }
  });

  it('writes two or three sentences of 25 to 55 words in all', () => {
    for (const { text } of reviews) {
      const words = countWords(text);
      expect(words).toBeGreaterThanOrEqual(REVIEW_WORDS.least);
      expect(words).toBeLessThanOrEqual(REVIEW_WORDS.most);
      expect(text.match(/[.?!](?=\s|$)/gu)?.length).toBeOneOf([2, 3]);
    }
  });

  it('keeps to English: capitals, articles, no doubled word, nothing left of the notation', () => {
    for (const { text } of reviews) {
      expect(text).toMatch(/^[A-Z].*\.$/u);
      expect(text).not.toMatch(/[.?!] [a-z]|\ba [aeio]|\ban [^aeiouh]|\b(\w+) \1\b|\s{2}| [.,]|[{}[\]|]|\bi\b/u);
      expect(text).not.toMatch(
        /\b(?:results|experiments|figures|tables|proofs|baselines|claims|examples|definitions) (?:is|remains|looks)\b/u,
      );
    }
  });

  it('speaks of its paper in most reviews', () => {
    const speaking = reviews.filter(
      ({ text, paper }) => text.includes(paper.topic) || text.toLowerCase().includes(paper.method.toLowerCase()),
    );
    expect(speaking.length / reviews.length).toBeGreaterThan(0.85);
  });

  it('has no review that is nearly another one, and thousands of different sentences', () => {
    for (const tone of TONES) {
      const texts = reviews.filter((review) => review.tone === tone).map(({ text }) => text);
      expect(distinctSentences(texts)).toBeGreaterThan(2500);
      expect(nearestNeighbour(texts.slice(0, 150), texts.slice(150)).max).toBeLessThan(0.7);
    }
  });

  it('has tones of the same length, so that length does not give one away', () => {
    const mean = (tone: string) => {
      const own = reviews.filter((review) => review.tone === tone);
      return own.reduce((sum, { text }) => sum + countWords(text), 0) / own.length;
    };
    expect(Math.abs(mean('harsh') - mean('kind'))).toBeLessThan(1.5);
  });
});
