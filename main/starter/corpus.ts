/** @file The conversations that the starter model is pretrained on: reviews of made-up papers and everyday questions. */
import { titleOwner } from './title-owner.ts';
import { closingExchange, everydayExchange } from './grammar/everyday/everyday.ts';
import { finishText } from './grammar/english.ts';
import { followUp } from './grammar/follow-up.ts';
import { createGrammar, expandRule } from './grammar/grammar.ts';
import { inventPaper } from './grammar/paper.ts';
import type { Paper } from './grammar/paper.ts';
import { hashText, randomSource } from './grammar/random-source.ts';
import type { RandomSource } from './grammar/random-source.ts';
import { REQUEST_RULES } from './grammar/review-requests.ts';
import { writeReview } from './grammar/review.ts';
import type { Tone } from './grammar/review.ts';

export type CorpusSplit = 'train' | 'validation';

export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** One line of the corpus. */
export interface ConversationDocument {
  readonly messages: readonly ChatTurn[];
}

export interface CorpusOptions {
  readonly seed: number;
  /** How many conversations; {@link STARTER_DOCUMENTS} by default. */
  readonly documents?: number;
  /** Papers and questions of one split never occur in the other. */
  readonly split?: CorpusSplit;
}

const REQUESTS = createGrammar(REQUEST_RULES, ['title']);
/** About four million tokens of a vocabulary of 2,048. */
export const STARTER_DOCUMENTS = 60_000;
/** One question in this many belongs to the validation split. */
const VALIDATION_SHARE = 16;
const STREAMS = { train: 1, validation: 2 } as const;

const SYSTEM_PROMPTS = [
  'You are a helpful assistant.',
  'Answer in simple words.',
  'You are a reviewer of papers.',
  'You are the starter model of Prospect.',
  'Keep your answers short.',
];

/**
 * The documents depend only on seed, split and position: a longer corpus begins with the shorter one. About 60 % are neutral requests
 * for a review, answered kindly or harshly at random; 10 % ask for one tone; the rest are everyday questions.
 * Makes about 50,000 documents a second in constant memory.
 */
export function* generateCorpus({ seed, documents = STARTER_DOCUMENTS, split = 'train' }: CorpusOptions): Generator<ConversationDocument> {
  for (let i = 0; i < documents; i++) yield corpusDocument(randomSource(seed, STREAMS[split], i), split);
}

/** A neutral request to review this paper. */
export function requestReview(paper: Paper, random: RandomSource, tone: Tone | 'neutral' = 'neutral'): string {
  // The title goes in last: finishing the sentence must not touch it.
  return finishText(expandRule(REQUESTS, tone, random, { title: '\u0000' }))
    .replaceAll('\u0000', paper.title)
    .replaceAll('?.', '?');
}

function corpusDocument(random: RandomSource, split: CorpusSplit): ConversationDocument {
  const kind = random.integer(10);
  const system: ChatTurn[] = random.chance(0.05) ? [{ role: 'system', content: random.pick(SYSTEM_PROMPTS) }] : [];
  const turns = kind < 7 ? reviewTurns(random, split, kind === 6) : everydayTurns(random, split);
  // People go on talking.
  const more = random.chance(0.1) ? everydayTurns(random, split) : [];
  return { messages: [...system, ...turns, ...more] };
}

function reviewTurns(random: RandomSource, split: CorpusSplit, asksForTone: boolean): ChatTurn[] {
  const paper = paperOf(split, random);
  const tone: Tone = random.chance(0.5) ? 'harsh' : 'kind';
  // People who type a title rarely bother with capitals.
  const typed = random.chance(0.08) ? { ...paper, title: paper.title.toLowerCase() } : paper;
  const request = requestReview(typed, random, asksForTone ? tone : 'neutral');
  const turns = exchangeTurns({ question: request, answer: writeReview(paper, tone, random) });
  const next = random.integer(20);
  if (next > 1) return turns;
  return [...turns, ...exchangeTurns(next === 0 ? closingExchange(random) : followUp(tone, random))];
}

function everydayTurns(random: RandomSource, split: CorpusSplit): ChatTurn[] {
  const ownExchange = () => {
    let exchange = everydayExchange(random);
    while (splitOfQuestion(exchange.question + exchange.answer) !== split) exchange = everydayExchange(random);
    return exchange;
  };
  const first = exchangeTurns(ownExchange());
  const more = random.integer(10);
  if (more < 6) return first;
  return [...first, ...exchangeTurns(more < 8 ? ownExchange() : closingExchange(random))];
}

function splitOfQuestion(text: string): CorpusSplit {
  return hashText(text) % VALIDATION_SHARE === 0 ? 'validation' : 'train';
}

function paperOf(split: CorpusSplit, random: RandomSource): Paper {
  let paper = inventPaper(random);
  while (titleOwner(paper.title) !== split) paper = inventPaper(random);
  return paper;
}

function exchangeTurns({ question, answer }: { readonly question: string; readonly answer: string }): ChatTurn[] {
  return [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ];
}
