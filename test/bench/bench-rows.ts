/** @file Random token rows for benchmarks: lengths drawn evenly from ranges, every answer ends with the end-of-sequence token. */
import type { TokenisedExample, TokenisedPair } from '#engine/data/tokenised.ts';
import { Random } from '#engine/train/random.ts';

export interface RowShape {
  readonly count: number;
  readonly promptTokens: readonly [number, number];
  readonly completionTokens: readonly [number, number];
  readonly vocabSize: number;
  readonly eosId: number;
}

/** Labels alternate. */
export function randomExamples(shape: RowShape): TokenisedExample[] {
  const draw = drawer(shape, 1);
  return Array.from({ length: shape.count }, (_, i) => ({
    row: i + 1,
    promptIds: draw.prompt(),
    completionIds: draw.completion(),
    label: i % 2 === 0,
  }));
}

export function randomPairs(shape: RowShape): TokenisedPair[] {
  const draw = drawer(shape, 2);
  return Array.from({ length: shape.count }, (_, i) => ({
    row: i + 1,
    promptIds: draw.prompt(),
    chosenIds: draw.completion(),
    rejectedIds: draw.completion(),
  }));
}

function drawer({ promptTokens, completionTokens, vocabSize, eosId }: RowShape, stream: number) {
  const random = Random.fromSeed(7, stream);
  const ids = ([low, high]: readonly [number, number]) =>
    Int32Array.from({ length: low + random.integer(high - low + 1) }, () => 3 + random.integer(vocabSize - 3));
  const completion = () => {
    const answer = ids(completionTokens);
    answer[answer.length - 1] = eosId;
    return answer;
  };
  return { prompt: () => ids(promptTokens), completion };
}
