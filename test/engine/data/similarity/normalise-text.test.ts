import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseText } from '#engine/data/similarity/normalise-text.ts';

describe('normaliseText', () => {
  it.each([
    ['  Hello,\n\tWorld!!! ', 'hello, world'],
    ['“Quoted”', 'quoted'],
    ['¿Qué tal?', 'qué tal'],
    ['ﬁne ＡＢＣ', 'fine abc'],
    ['Wait... what?!', 'wait. what'],
    ['a\u00a0b', 'a b'],
    ['你好。', '你好'],
    ['cafe\u0301', 'café'],
  ])('takes %j as %j', (text, expected) => {
    expect(normaliseText(text)).toBe(expected);
  });

  it.each(['-5', '.5', 'f(x)', '3 + 4', 'a == b', '1 - 1 -', '[x]'])('leaves %j alone, where marks have a meaning', (text) => {
    expect(normaliseText(text)).toBe(text);
  });

  it('keeps a text of nothing but marks, so that ! and ? differ', () => {
    expect([normaliseText('!!!'), normaliseText('?'), normaliseText(' \n')]).toEqual(['!', '?', '']);
  });

  it('changes nothing when it is done again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), (text) => {
        const once = normaliseText(text);
        expect(normaliseText(once)).toBe(once);
      }),
    );
  });
});
