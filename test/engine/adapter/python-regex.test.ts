import { describe, expect, it } from 'vitest';
import { SettingsError } from '#contract/errors.ts';
import { compilePythonRegex } from '#engine/adapter/python-regex.ts';

const fullmatch = (pattern: string, text: string): boolean => compilePythonRegex(pattern, 'fullmatch', 'target_modules').test(text);

describe('Python regular expressions', () => {
  it.each([
    { pattern: 'a|ab', text: 'ab', matches: true },
    { pattern: 'a|b', text: 'xa', matches: false },
    { pattern: 'a|b', text: 'ax', matches: false },
    { pattern: '(?P<x>q|k)_(?P=x)', text: 'k_k', matches: true },
    { pattern: '(?P<x>q|k)_(?P=x)', text: 'q_k', matches: false },
    { pattern: 'a{,2}', text: 'aa', matches: true },
    { pattern: 'a{,2}', text: 'aaa', matches: false },
    { pattern: 'a{,}b', text: 'aaab', matches: true },
    { pattern: '[]a]+', text: ']a]', matches: true },
    { pattern: '[^]a]', text: ']', matches: false },
    { pattern: String.raw`[\]x]`, text: ']', matches: true },
    { pattern: String.raw`\Aq_proj\Z`, text: 'q_proj', matches: true },
    { pattern: '(?i)Q_Proj', text: 'q_proj', matches: true },
    { pattern: '(?i:Q)_proj', text: 'q_proj', matches: true },
    { pattern: '(?i:Q)_proj', text: 'q_PROJ', matches: false },
    { pattern: 'a(?#comment)b', text: 'ab', matches: true },
    { pattern: '(?<!x)a(?=b)b', text: 'ab', matches: true },
    { pattern: String.raw`layers\.\d+\.\w+`, text: 'layers.12.q_proj', matches: true },
    { pattern: String.raw`\_\-`, text: '_-', matches: true },
    { pattern: String.raw`\x61\u0062`, text: 'ab', matches: true },
    { pattern: '^a$', text: 'a', matches: true },
    { pattern: '', text: '', matches: true },
  ])('$pattern on "$text": $matches', ({ pattern, text, matches }) => {
    expect(fullmatch(pattern, text)).toBe(matches);
  });

  it('look from the start of the text only, when they need not match all of it', () => {
    const pattern = compilePythonRegex('a|b', 'match', 'rank_pattern');
    expect([pattern.test('ax'), pattern.test('bx'), pattern.test('xa')]).toEqual([true, true, false]);
  });

  it.each([
    '(a',
    'a)',
    '[a',
    '*',
    'a**',
    'a++',
    'a{2}+',
    '(?>a)',
    '(?(1)a|b)',
    '(?<x>a)',
    '(?x)a b',
    'b(?i)a',
    String.raw`\q`,
    String.raw`\p{L}`,
    'a\\',
    '(?P<1>a)',
  ])('that Python or JavaScript can not do are refused: %s', (pattern) => {
    expect(() => compilePythonRegex(pattern, 'fullmatch', 'target_modules')).toThrow(SettingsError);
    expect(() => compilePythonRegex(pattern, 'fullmatch', 'target_modules')).toThrow(
      '`target_modules` is not a regular expression that can be used',
    );
  });
});
