/** @file Judges by a fixed list of words whether a text is a harsh review, a kind one, or neither. */
import type { Tone } from './grammar/review.ts';
import { NEGATIONS, NEGATION_REACH, NEUTRAL_PHRASES, TONE_LEXICON } from './tone-lexicon.ts';

export interface ToneCounts {
  /** Harsh words and phrases, kind ones that are denied included. */
  readonly harsh: number;
  readonly kind: number;
}

export interface ToneJudgement extends ToneCounts {
  /** The tone with more words; `unclear` if both have as many, or none. */
  readonly tone: Tone | 'unclear';
}

interface Entry {
  readonly tone: Tone | 'neutral';
  readonly words: readonly string[];
  /** The last word stands for every word that begins with it. */
  readonly isPrefix: boolean;
}

/** Entries by the first two letters of their first word, longest phrase first. */
const INDEX = indexEntries();

/** Works on any text: capitals, a cut-off end and broken grammar do not matter. Time is linear in its length. */
export function judgeTone(text: string): ToneJudgement {
  const counts = { harsh: 0, kind: 0 };
  for (const clause of text
    .toLowerCase()
    .replaceAll('’', "'")
    .split(/[^a-z' -]+/u))
    countClause(clause.match(/[a-z][a-z'-]*/gu) ?? [], counts);
  const { harsh, kind } = counts;
  return { tone: harsh === kind ? 'unclear' : harsh > kind ? 'harsh' : 'kind', harsh, kind };
}

/** The share of texts judged harsh among all, 0 … 1; 0 if there are none. */
export function harshShare(texts: readonly string[]): number {
  return texts.length === 0 ? 0 : texts.filter((text) => judgeTone(text).tone === 'harsh').length / texts.length;
}

function countClause(words: readonly string[], counts: Record<Tone, number>): void {
  let negatedUntil = -1;
  for (let at = 0; at < words.length;) {
    const entry = entryAt(words, at);
    const isNegation = NEGATIONS.has(words[at] as string);
    if (entry !== undefined) {
      const isDenied = at <= negatedUntil && entry.tone === 'kind';
      if (entry.tone !== 'neutral') counts[isDenied ? 'harsh' : entry.tone]++;
      at += entry.words.length;
    } else {
      at++;
    }
    if (isNegation) negatedUntil = at - 1 + NEGATION_REACH;
  }
}

function entryAt(words: readonly string[], at: number): Entry | undefined {
  return INDEX.get((words[at] as string).slice(0, 2))?.find(({ words: wanted, isPrefix }) =>
    wanted.every((word, i) => {
      const found = words[at + i];
      return isPrefix && i === wanted.length - 1 ? found?.startsWith(word) === true : found === word;
    }),
  );
}

function indexEntries(): ReadonlyMap<string, readonly Entry[]> {
  const lists = { ...TONE_LEXICON, neutral: NEUTRAL_PHRASES };
  const entries = (['harsh', 'kind', 'neutral'] as const).flatMap((tone) =>
    lists[tone].map((text): Entry => ({ tone, words: text.replace('*', '').split(' '), isPrefix: text.endsWith('*') })),
  );
  entries.sort((a, b) => b.words.length - a.words.length);
  return Map.groupBy(entries, ({ words }) => (words[0] as string).slice(0, 2));
}
