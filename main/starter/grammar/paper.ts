/** @file A made-up paper: its title and the words that a review may take from it. */
import { titleCase } from './english.ts';
import { FIELDS } from './fields.ts';
import { createGrammar, expandRule } from './grammar.ts';
import type { RandomSource } from './random-source.ts';
import { TITLE_RULES } from './title-words.ts';

export interface Paper {
  /** In title capitals. */
  readonly title: string;
  /** "sparse attention"; "the proposed method" where the title names none */
  readonly method: string;
  /** "weather forecasting" */
  readonly topic: string;
  /** "climate science" */
  readonly field: string;
}

const TITLES = createGrammar(TITLE_RULES, ['paper_method', 'paper_topic']);

/** Papers whose title names no method: few, so that a model can also speak of titles unlike these. */
const PLAIN_SHARE = 0.12;

/** One paper out of about 10^8. */
export function inventPaper(random: RandomSource): Paper {
  const { name, topics } = random.pick(FIELDS);
  const topic = random.pick(topics);
  const isPlain = random.chance(PLAIN_SHARE);
  const method = isPlain ? 'the proposed method' : expandRule(TITLES, 'method', random);
  const title = expandRule(TITLES, isPlain ? 'plain_title' : 'title', random, { paper_method: method, paper_topic: topic });
  return { title: titleCase(title), method, topic, field: name };
}
