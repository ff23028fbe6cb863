/** @file Guesses what the values of a label column mean. */
import { asLabel } from '#engine/data/parse-label.ts';
import type { LabelReading } from './label-mapping.ts';
import { labelWord } from './label-words.ts';
import { asNumber, normaliseLabel } from './normalise-label.ts';
import { suggestThresholds } from './suggest-thresholds.ts';

export interface LabelInterpretation {
  readonly reading: LabelReading;
  /** 1 = the values can only mean this. */
  readonly certainty: number;
  readonly warnings: readonly string[];
}

/** More different words than this are no labels. */
const MOST_WORDS = 12;
const LONGEST_WORD = 30;

/**
 * @param values - the filled cells; of several votes in a cell each one
 * @param column - for warnings
 * @returns null if they can't be labels
 */
export function interpretLabel(values: readonly unknown[], column: string): LabelInterpretation | null {
  if (values.length === 0) return null;
  const spellings = new Map<string, string>();
  for (const value of values) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean' && typeof value !== 'bigint') return null;
    const key = normaliseLabel(value);
    if (!spellings.has(key)) spellings.set(key, String(value).trim());
  }
  if (values.every((value) => asLabel(value) !== undefined && typeof value !== 'number' && typeof value !== 'bigint')) {
    return { reading: { kind: 'boolean' }, certainty: 1, warnings: [] };
  }
  const numbers = values.map(asNumber);
  if (numbers.every((number) => number !== null)) return interpretNumbers(numbers, values, column);
  return interpretWords([...spellings.values()], column);
}

function interpretNumbers(numbers: readonly number[], values: readonly unknown[], column: string): LabelInterpretation | null {
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const seen = distinct.join(' ');
  const warnings = distinct.length === 1 ? [`Only the value ${seen} of \`${column}\` was seen.`] : [];
  if (distinct.every((number) => number === 0 || number === 1)) {
    const reading: LabelReading = values.every((value) => typeof value !== 'string')
      ? { kind: 'boolean' }
      : { kind: 'values', desirable: ['1'], undesirable: ['0'], ignored: [] };
    return { reading, certainty: distinct.length === 2 ? 1 : 0.85, warnings };
  }
  if (distinct.every((number) => Math.abs(number) <= 1 && Number.isInteger(number))) {
    const ignored = distinct.includes(0) ? ['0'] : [];
    const reading: LabelReading = { kind: 'values', desirable: ['1'], undesirable: ['-1'], ignored };
    if (ignored.length > 0) warnings.push(`Rows with 0 as \`${column}\` are left out.`);
    return { reading, certainty: distinct.length === 2 && ignored.length === 0 ? 1 : 0.85, warnings };
  }
  return suggestThresholds(distinct, numbers.length, column);
}

function interpretWords(spellings: readonly string[], column: string): LabelInterpretation | null {
  if (spellings.length > MOST_WORDS || spellings.some((spelling) => spelling.length > LONGEST_WORD)) return null;
  const of = (kind: ReturnType<typeof labelWord>) => spellings.filter((spelling) => labelWord(spelling) === kind);
  const [desirable, undesirable, neutral, unknown] = [of('desirable'), of('undesirable'), of('neutral'), of(null)];
  const warnings: string[] = [];
  if (neutral.length > 0) warnings.push(`Rows with ${quote(neutral)} as \`${column}\` are left out.`);
  if (desirable.length > 0 && undesirable.length > 0) {
    if (unknown.length > 0) warnings.push(`Is ${quote(unknown)} in \`${column}\` good or bad? Rows with it are left out.`);
    const certainty = unknown.length > 0 ? 0.6 : neutral.length > 0 ? 0.85 : 1;
    return { reading: { kind: 'values', desirable, undesirable, ignored: [...neutral, ...unknown] }, certainty, warnings };
  }
  if (desirable.length + undesirable.length > 0 && unknown.length === 0) {
    warnings.push(`Only ${quote([...desirable, ...undesirable])} was seen in \`${column}\`.`);
    return { reading: { kind: 'values', desirable, undesirable, ignored: neutral }, certainty: 0.8, warnings };
  }
  return guessWords([...desirable, ...undesirable, ...unknown], neutral, column);
}

/** Words that say nothing to us: the first two, for the person to sort. */
function guessWords(words: readonly string[], neutral: readonly string[], column: string): LabelInterpretation | null {
  const sorted = [...words].sort((a, b) => Number(labelWord(b) === 'desirable') - Number(labelWord(a) === 'desirable'));
  const isBadFirst = sorted.length > 1 && labelWord(sorted[0] as string) === 'undesirable';
  const [first, second, ...rest] = isBadFirst ? [...sorted.slice(1), sorted[0] as string] : sorted;
  if (first === undefined || second === undefined) return null;
  const reading: LabelReading = { kind: 'values', desirable: [first], undesirable: [second], ignored: [...rest, ...neutral] };
  const warning = `\`${column}\` has ${words.length} values (${quote(words)}): say which of them mean a good answer and which a bad one.`;
  return { reading, certainty: words.length === 2 ? 0.25 : 0.15, warnings: [warning] };
}

function quote(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(', ');
}
