/** @file The figures that describe the Reviewer #2 preferences. */
import type { ChatTurn } from '#starter/corpus.ts';
import { judgeTone } from '#starter/judge-tone.ts';
import { distinctNgrams, distinctSentences, nearestNeighbour, wordLengths } from '#starter/text-figures.ts';
import type { Similarity, WordLengths } from '#starter/text-figures.ts';
import type { Reviewer2DataSet } from './data-set.ts';

/** Of the answers of one side. */
export interface SideFigures {
  readonly words: WordLengths;
  /** Distinct-1, -2 and -3. */
  readonly distinct: readonly [number, number, number];
  readonly sentences: number;
  /** Share of answers whose tone is judged as meant. */
  readonly judgedRight: number;
  /** Answers held out against those trained on. */
  readonly nearest: Similarity;
}

export interface Reviewer2Figures {
  readonly chosen: SideFigures;
  readonly rejected: SideFigures;
  readonly promptWords: WordLengths;
  /** Prompts held out against those trained on. */
  readonly promptNearest: Similarity;
}

export function reviewer2Figures({ trainPairs, evalPairs }: Reviewer2DataSet): Reviewer2Figures {
  const prompts = (pairs: Reviewer2DataSet['trainPairs']) => pairs.map(({ prompt }) => textOf(prompt));
  const side = (name: 'chosen' | 'rejected'): SideFigures => {
    const train = trainPairs.map((pair) => textOf(pair[name]));
    const evaluation = evalPairs.map((pair) => textOf(pair[name]));
    return {
      ...answerFigures([...train, ...evaluation], name === 'chosen' ? 'harsh' : 'kind'),
      nearest: nearestNeighbour(evaluation, train),
    };
  };
  return {
    chosen: side('chosen'),
    rejected: side('rejected'),
    promptWords: wordLengths(prompts([...trainPairs, ...evalPairs])),
    promptNearest: nearestNeighbour(prompts(evalPairs), prompts(trainPairs)),
  };
}

function answerFigures(answers: readonly string[], tone: 'harsh' | 'kind'): Omit<SideFigures, 'nearest'> {
  return {
    words: wordLengths(answers),
    distinct: [distinctNgrams(answers, 1), distinctNgrams(answers, 2), distinctNgrams(answers, 3)],
    sentences: distinctSentences(answers),
    judgedRight: answers.filter((answer) => judgeTone(answer).tone === tone).length / answers.length,
  };
}

function textOf(turns: readonly ChatTurn[]): string {
  return turns.map(({ content }) => content).join('\n');
}
