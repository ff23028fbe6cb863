/**
 * @file Turns a pattern of tokenizer.json (a literal, or a regular expression in Oniguruma's dialect) into a JavaScript
 * RegExp. The dialect is translated by @huggingface/tokenizers; what it leaves out is repaired first.
 */
import * as library from '@huggingface/tokenizers';
import { InternalError } from '#contract/errors.ts';
import type { PatternJson } from './tokenizer-json.ts';

// The package's type declarations lose this export (`export *` of paths without an extension), so it is named here.
const { SplitPreTokenizer } = library as unknown as {
  SplitPreTokenizer: new (config: { type: 'Split'; pattern: PatternJson; behavior: 'Isolated'; invert: false }) => {
    pattern: RegExp | null;
  };
};

/** A global, Unicode RegExp that finds what Hugging Face's `pattern` finds. */
export function hfPattern(pattern: PatternJson): RegExp {
  if ('String' in pattern) return new RegExp(escapeLiteral(pattern.String), 'gu');
  const source = spellOutCaseFolding(pattern.Regex);
  const translated = new SplitPreTokenizer({ type: 'Split', pattern: { Regex: source }, behavior: 'Isolated', invert: false }).pattern;
  if (translated === null) throw new InternalError('A tokenizer pattern was translated to nothing.', { pattern: source });
  return translated;
}

function escapeLiteral(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}

/**
 * Oniguruma folds case over all of Unicode, so `(?i:'s)` also finds `'ſ` (U+017F) and `(?i:k)` the Kelvin sign; the
 * translation folds ASCII only. The two letters with such a partner are spelt out. Groups that hold more than letters,
 * quotes and bars do not occur in published tokenizers and are left to the translation.
 */
function spellOutCaseFolding(source: string): string {
  return source.replace(/\(\?i:([a-zA-Z'’|]*)\)/gu, (_, body: string) => {
    const spelt = body.replace(/[a-zA-Z]/gu, (letter) => {
      const lower = letter.toLowerCase();
      const partner = lower === 's' ? 'ſ' : lower === 'k' ? 'K' : '';
      return `[${lower}${lower.toUpperCase()}${partner}]`;
    });
    return `(?:${spelt})`;
  });
}
