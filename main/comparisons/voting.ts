/** @file Blind votes: two answers to the same prompt, on sides that say nothing, until all were compared. */
import type { Contest as AskedContest, VoteChoice, Voting } from '#contract/comparisons.ts';
import { StoreError } from '#contract/errors.ts';
import { showRow } from '#datasets/show-row.ts';
import { Random } from '#engine/train/random.ts';
import { deleteBlindVote, listBlindVotes, savedVotes, saveBlindVote, type BlindVote, type Contest } from '#store/blind-votes.ts';
import type { StoredRow } from '#store/row-columns.ts';
import type { Store } from '#store/store.ts';
import { readAnswers, type AnsweredPrompts } from './answers.ts';
import { hashOf } from './fingerprint.ts';
import { openComparison } from './open-comparison.ts';
import type { ComparisonSurroundings } from './surroundings.ts';
import { tallyOf } from './tally.ts';

type Around = Pick<ComparisonSurroundings, 'store' | 'cacheDir'>;

/** Selects the sequence of random numbers that sides are drawn from. */
const STREAM = 29;

/** Two different answers to one prompt. */
interface Ballot {
  readonly key: string;
  readonly row: StoredRow;
  readonly firstAnswer: string;
  readonly secondAnswer: string;
}

/** The same two are one contest, whichever is named first. @param asked - of two different ones */
export function contestOf({ projectId, firstId, secondId }: AskedContest): Contest {
  const [firstRunId, secondRunId] = secondId !== null && secondId < firstId ? [secondId, firstId] : [firstId, secondId];
  return { projectId, firstRunId, secondRunId };
}

/** @param reveal - tells the tally before the end */
export async function readVoting(around: Around, contest: Contest, reveal: boolean): Promise<Voting> {
  const { ballots, alike } = await ballotsOf(around, contest);
  return showVoting(around.store, contest, { ballots, alike, reveal });
}

/** @throws {StoreError} `conflict` if the answers are others by now */
export async function vote(
  around: Around,
  contest: Contest,
  { key, choice }: { readonly key: string; readonly choice: VoteChoice },
): Promise<Voting> {
  const { ballots, alike } = await ballotsOf(around, contest);
  const ballot = ballots.find((other) => other.key === key);
  if (!ballot)
    throw new StoreError('These answers are not compared any more. Vote on the ones that are shown now.', { reason: 'conflict' });
  const { form, options, prompt } = ballot.row;
  const { firstAnswer, secondAnswer } = ballot;
  saveBlindVote(around.store, {
    ...contest,
    key,
    form: form === 'chat' ? 'chat' : 'text',
    options,
    prompt,
    firstAnswer,
    secondAnswer,
    value: valueOf(choice, key),
  });
  return showVoting(around.store, contest, { ballots, alike, reveal: false });
}

/** Undoes the last vote, unless it became a row. */
export async function takeBackVote(around: Around, contest: Contest): Promise<Voting> {
  const last = lastToTakeBack(around.store, contest);
  if (last) deleteBlindVote(around.store, last.id);
  return readVoting(around, contest, false);
}

async function ballotsOf(around: Around, contest: Contest): Promise<{ readonly ballots: readonly Ballot[]; readonly alike: number }> {
  const answered = await readAnswers(around, openComparison(around.store, contest.projectId));
  const both = answered.prompts.flatMap(({ row, key }, place): Ballot[] => {
    const [first, second] = [answerOf(answered, contest.firstRunId, place), answerOf(answered, contest.secondRunId, place)];
    if (first === null || second === null) return [];
    return [{ key: hashOf([key, first, second]), row, firstAnswer: first, secondAnswer: second }];
  });
  const ballots = both.filter(({ firstAnswer, secondAnswer }) => firstAnswer !== secondAnswer);
  return { ballots, alike: both.length - ballots.length };
}

function answerOf({ models }: AnsweredPrompts, runId: number | null, place: number): string | null {
  return models.find(({ model }) => model.runId === runId)?.answers[place]?.text ?? null;
}

interface Shown {
  readonly ballots: readonly Ballot[];
  readonly alike: number;
  readonly reveal: boolean;
}

function showVoting(store: Store, contest: Contest, { ballots, alike, reveal }: Shown): Voting {
  const votes = listBlindVotes(store, contest);
  const voted = new Set(votes.map(({ key }) => key));
  const open = ballots.find(({ key }) => !voted.has(key)) ?? null;
  const isOver = open === null || reveal;
  return {
    open: open && { key: open.key, prompt: showRow(open.row, 0, true).prompt, ...sidesOf(open) },
    voted: ballots.filter(({ key }) => voted.has(key)).length,
    total: ballots.length,
    alike,
    canTakeBack: lastToTakeBack(store, contest) !== null,
    tally: isOver && votes.length > 0 ? tallyOf(store, contest, votes) : null,
  };
}

function sidesOf({ key, firstAnswer, secondAnswer }: Ballot): { readonly left: string; readonly right: string } {
  return isFirstLeft(key) ? { left: firstAnswer, right: secondAnswer } : { left: secondAnswer, right: firstAnswer };
}

function valueOf(choice: VoteChoice, key: string): BlindVote['value'] {
  if (choice === 'equal') return 0;
  return (choice === 'left') === isFirstLeft(key) ? 1 : -1;
}

/** As good as chance, and the same whenever these answers are shown. @param key - hexadecimal */
function isFirstLeft(key: string): boolean {
  return Random.fromSeed(Number.parseInt(key.slice(0, 8), 16), STREAM).uniform() < 0.5;
}

function lastToTakeBack(store: Store, contest: Contest): BlindVote | null {
  const last = listBlindVotes(store, contest)
    .toSorted((a, b) => a.createdAt - b.createdAt || a.id - b.id)
    .at(-1);
  if (!last) return null;
  const isSaved = (['pair', 'example'] as const).some((kind) => savedVotes(store, contest, kind).has(last.id));
  return isSaved ? null : last;
}
