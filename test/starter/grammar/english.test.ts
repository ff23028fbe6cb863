/** @file Articles, capitals and spaces. */
import { describe, expect, it } from 'vitest';
import { countWords, finishText, fixArticles, indefiniteArticle, titleCase } from '#starter/grammar/english.ts';

describe('indefiniteArticle', () => {
  it.each(['owl', 'hour', 'honest', 'unclear', 'uninspired', 'unimportant', 'umbrella', 'elegant', 'Automatic'])(
    'is an before %s',
    (word) => {
      expect(indefiniteArticle(word)).toBe('an');
    },
  );

  it.each(['unified', 'university', 'useful', 'usual', 'one', 'European', 'house', 'year', 'weak', 'two-stage'])(
    'is a before %s',
    (word) => {
      expect(indefiniteArticle(word)).toBe('a');
    },
  );
});

describe('fixArticles', () => {
  it('puts both ways right, with a capital, and before a quotation mark', () => {
    expect(fixArticles('A elegant paper with an clear idea, an useful plot and a "open" end')).toBe(
      'An elegant paper with a clear idea, a useful plot and an "open" end',
    );
  });

  it('leaves words that only end in a alone', () => {
    expect(fixArticles('the data are an issue; a idea')).toBe('the data are an issue; an idea');
  });
});

describe('finishText', () => {
  it('begins every sentence with a capital, writes I large and takes out spare spaces', () => {
    expect(finishText('  i see. the end , i think?  yes! so i said "why?" then left.')).toBe(
      'I see. The end, I think? Yes! So I said "why?" Then left.',
    );
  });
});

describe('titleCase', () => {
  it('leaves small words small unless they come first or after a colon', () => {
    expect(titleCase('on the cost of two-stage search: a elegant view of it for the deep sea')).toBe(
      'On the Cost of Two-Stage Search: An Elegant View of It for the Deep Sea',
    );
  });
});

describe('countWords', () => {
  it('counts what spaces separate', () => {
    expect(countWords(' one two-stage  three. ')).toBe(3);
  });
});
