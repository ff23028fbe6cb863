/** @file Judging tone by the lexicon. */
import { describe, expect, it } from 'vitest';
import { everydayExchange } from '#starter/grammar/everyday/everyday.ts';
import { inventPaper } from '#starter/grammar/paper.ts';
import { randomSource } from '#starter/grammar/random-source.ts';
import { writeReview } from '#starter/grammar/review.ts';
import type { Tone } from '#starter/grammar/review.ts';
import { harshShare, judgeTone } from '#starter/judge-tone.ts';

function reviewsOf(tone: Tone, count = 3000): string[] {
  return Array.from({ length: count }, (_, i) => {
    const random = randomSource(31, i);
    return writeReview(inventPaper(random), tone, random);
  });
}

function shareOf(texts: readonly string[], tone: string): number {
  return texts.filter((text) => judgeTone(text).tone === tone).length / texts.length;
}

describe('judgeTone', () => {
  it.each(['harsh', 'kind'] as const)('judges at least 99.5 %% of generated %s reviews right', (tone) => {
    expect(shareOf(reviewsOf(tone), tone)).toBeGreaterThanOrEqual(0.995);
  });

  it('finds no tone in everyday answers', () => {
    const answers = Array.from({ length: 5000 }, (_, i) => everydayExchange(randomSource(32, i)).answer);
    expect(answers.filter((answer) => judgeTone(answer).tone !== 'unclear')).toEqual([]);
  });

  it.each(['harsh', 'kind'] as const)('is hardly ever wrong about a %s review that breaks off', (tone) => {
    const other = tone === 'harsh' ? 'kind' : 'harsh';
    for (const words of [10, 15, 20]) {
      const cut = reviewsOf(tone, 1500).map((review) => review.split(' ').slice(0, words).join(' '));
      expect(shareOf(cut, other)).toBeLessThan(0.01);
    }
    const twenty = reviewsOf(tone, 1500).map((review) => review.split(' ').slice(0, 20).join(' '));
    expect(shareOf(twenty, tone)).toBeGreaterThan(0.95);
  });

  it.each(['harsh', 'kind'] as const)('bears words that a %s writer repeats, drops or runs together', (tone) => {
    const broken = reviewsOf(tone, 1500).map((review, i) => {
      const random = randomSource(33, i);
      const words = review.split(' ').flatMap((word) => (random.chance(0.1) ? [] : random.chance(0.1) ? [word, word] : [word]));
      return words.join(' ').replaceAll(/[.,]/gu, '').toUpperCase();
    });
    expect(shareOf(broken, tone)).toBeGreaterThan(0.97);
  });

  it('takes a denied compliment as criticism, within the clause only', () => {
    expect(judgeTone('The results are not really convincing.')).toEqual({ tone: 'harsh', harsh: 1, kind: 0 });
    expect(judgeTone('I would not change it, the results are convincing.')).toEqual({ tone: 'kind', harsh: 0, kind: 1 });
  });

  it('reads phrases before their words', () => {
    expect(judgeTone('There is no reason to accept it')).toEqual({ tone: 'harsh', harsh: 1, kind: 0 });
    expect(judgeTone('It has no major flaws')).toEqual({ tone: 'kind', harsh: 0, kind: 1 });
    expect(judgeTone('You are welcome! My pleasure.')).toEqual({ tone: 'unclear', harsh: 0, kind: 0 });
  });

  it('is unclear about nothing, a tie and other languages', () => {
    for (const text of ['', ' \n', 'It is weak and elegant.', '12 34', 'Das ist ein Aufsatz.'])
      expect(judgeTone(text).tone).toBe('unclear');
  });
});

describe('harshShare', () => {
  it('divides by all texts, unclear ones included', () => {
    expect(harshShare(['It is weak.', 'It is elegant.', 'It rains.', 'I recommend rejection.'])).toBe(0.5);
    expect(harshShare([])).toBe(0);
  });
});
