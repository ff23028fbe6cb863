/** @file Mappings and lines of files for tests of imports, also in processes of their own. */
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';

export const EXAMPLES: ColumnMapping = {
  shape: 'example',
  prompt: 'prompt',
  input: null,
  system: null,
  history: null,
  texts: 'plain',
  tools: null,
  templateKwargs: null,
  completion: 'completion',
  label: { column: 'label', reading: { kind: 'boolean' }, unrated: 'refuse', several: 'refuse' },
};

export const PAIRS: ColumnMapping = {
  shape: 'pair',
  prompt: 'prompt',
  input: null,
  system: null,
  history: null,
  texts: 'plain',
  tools: null,
  templateKwargs: null,
  chosen: 'chosen',
  rejected: 'rejected',
};

export function exampleLines(count: number, first = 0): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return JSON.stringify({ prompt: `Question ${number}?`, completion: `Answer ${number}.`, label: number % 3 !== 0 });
  });
  return `${lines.join('\n')}\n`;
}
