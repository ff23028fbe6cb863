/** @file The Reviewer #2 preferences, split by prompt and unpaired: what training by DPO or KTO reads. */
import { holdOut } from '#engine/data/hold-out.ts';
import type { ChatExample, ChatPair } from '#engine/data/row.ts';
import { unpair } from '#engine/data/unpair.ts';
import type { ChatTurn } from '#starter/corpus.ts';
import { generateReviewer2Pairs, REVIEWER2_PAIRS, REVIEWER2_SEED } from './pairs.ts';
import type { Reviewer2Pair } from './pairs.ts';

/** A row in TRL's conversational unpaired form. */
export interface Reviewer2Example {
  readonly prompt: readonly ChatTurn[];
  readonly completion: readonly ChatTurn[];
  /** True for the harsh review. */
  readonly label: boolean;
}

export interface Reviewer2DataSet {
  readonly trainPairs: readonly Reviewer2Pair[];
  readonly evalPairs: readonly Reviewer2Pair[];
  readonly trainExamples: readonly Reviewer2Example[];
  readonly evalExamples: readonly Reviewer2Example[];
}

/** Pairs held out for evaluation. */
export const REVIEWER2_EVAL_PAIRS = 100;

export function reviewer2DataSet(seed: number = REVIEWER2_SEED): Reviewer2DataSet {
  const pairs = generateReviewer2Pairs(seed);
  const rows = pairs.map(({ prompt, chosen, rejected }, i): ChatPair => {
    const options = { tools: null, templateKwargs: {} };
    return {
      kind: 'pair',
      form: 'chat',
      row: i + 1,
      prompt: toMessages(prompt),
      chosen: toMessages(chosen),
      rejected: toMessages(rejected),
      options,
    };
  });
  const { train, evaluation } = holdOut(rows, REVIEWER2_EVAL_PAIRS / REVIEWER2_PAIRS, seed);
  const pairOf = ({ row }: ChatPair) => pairs[row - 1] as Reviewer2Pair;
  return {
    trainPairs: train.map(pairOf),
    evalPairs: evaluation.map(pairOf),
    trainExamples: unpairChats(train),
    evalExamples: unpairChats(evaluation),
  };
}

function unpairChats(pairs: readonly ChatPair[]): Reviewer2Example[] {
  return (unpair(pairs) as ChatExample[]).map(({ prompt, completion, label }) => ({
    prompt: prompt as unknown as readonly ChatTurn[],
    completion: completion as unknown as readonly ChatTurn[],
    label,
  }));
}

function toMessages(turns: readonly ChatTurn[]): ChatPair['prompt'] {
  return turns.map(({ role, content }) => ({ role, content }));
}
