/**
 * @file The normalizers of tokenizer.json: text in, text out, before any splitting.
 */
import { hfPattern } from './hf-pattern.ts';
import type { NormalizerJson, SimpleNormalizerJson } from './tokenizer-json.ts';

export type Normaliser = (text: string) => string;

/** Builds the normalizer of a tokenizer.json; the identity when it has none. */
export function buildNormaliser(json: NormalizerJson | null | undefined): Normaliser {
  if (json === null || json === undefined) return (text) => text;
  const steps = (json.type === 'Sequence' ? json.normalizers : [json]).map(buildStep);
  return (text) => steps.reduce((current, step) => step(current), text);
}

function buildStep(json: SimpleNormalizerJson): Normaliser {
  switch (json.type) {
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return (text) => text.normalize(json.type);
    case 'Lowercase':
      // Per character, as Rust does it: String.toLowerCase would give a final sigma its word-end form.
      return (text) => Array.from(text, (char) => char.toLowerCase()).join('');
    case 'Prepend':
      return (text) => (text === '' ? '' : json.prepend + text);
    case 'Replace': {
      const pattern = hfPattern(json.pattern);
      return (text) => text.replace(pattern, () => json.content); // a function, so that `$&` in the content stays literal
    }
    case 'Strip':
      return (text) => {
        const left = json.strip_left ? text.replace(/^\p{White_Space}+/u, '') : text;
        return json.strip_right ? left.replace(/\p{White_Space}+$/u, '') : left;
      };
    default:
      return json satisfies never;
  }
}
