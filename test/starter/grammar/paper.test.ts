/** @file Made-up papers and their titles. */
import { describe, expect, it } from 'vitest';
import { FIELDS } from '#starter/grammar/fields.ts';
import { inventPaper } from '#starter/grammar/paper.ts';
import { randomSource } from '#starter/grammar/random-source.ts';
import { judgeTone } from '#starter/judge-tone.ts';
import { titleOwner } from '#starter/title-owner.ts';

const papers = Array.from({ length: 20_000 }, (_, i) => inventPaper(randomSource(11, i)));

describe('inventPaper', () => {
  it('has far more than a million titles: among 20,000 there are hardly any repetitions', () => {
    // With a million equally likely titles about 200 of 20,000 would repeat (20,000² / 2 / 10⁶).
    const titles = papers.filter(({ method }) => method !== 'the proposed method').map(({ title }) => title);
    expect(titles.length - new Set(titles).size).toBeLessThan(100);
  });

  it('names its method and topic in the title, in capitals', () => {
    for (const { title, method, topic } of papers.slice(0, 2000)) {
      expect(`the proposed method ${title}`.toLowerCase()).toContain(method.toLowerCase());
      expect(title.toLowerCase()).toContain(topic);
      expect(title).not.toMatch(/\s{2}|^[a-z]|[{}[\]|]/u);
    }
  });

  it('names no method in about one title of eight', () => {
    const plain = papers.filter(({ method }) => method === 'the proposed method').length / papers.length;
    expect(plain).toBeGreaterThan(0.1);
    expect(plain).toBeLessThan(0.14);
  });

  it('covers at least 15 fields with different topics', () => {
    expect(FIELDS.length).toBeGreaterThanOrEqual(15);
    const topics = FIELDS.flatMap((field) => field.topics);
    expect(new Set(topics).size).toBe(topics.length);
    expect(new Set(papers.map(({ field }) => field)).size).toBe(FIELDS.length);
  });

  it('has no word of the tone lexicon, so that a title never decides how a review is judged', () => {
    const judged = papers.filter(({ title, method, topic, field }) => {
      const { harsh, kind } = judgeTone([title, method, topic, field].join('. '));
      return harsh + kind > 0;
    });
    expect(judged.map(({ title }) => title)).toEqual([]);
  });
});

describe('titleOwner', () => {
  it('gives one title in sixteen each to validation and to the preference data', () => {
    const owners = papers.map(({ title }) => titleOwner(title));
    for (const owner of ['validation', 'reviewer2'] as const) {
      const share = owners.filter((name) => name === owner).length / owners.length;
      expect(share).toBeGreaterThan(0.055);
      expect(share).toBeLessThan(0.07);
    }
  });

  it('does not depend on capitals', () => {
    for (const { title } of papers.slice(0, 100)) expect(titleOwner(title.toLowerCase())).toBe(titleOwner(title));
  });
});
