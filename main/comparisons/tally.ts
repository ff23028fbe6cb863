/** @file What blind votes came to: who won how often, and whether that is more than chance. */
import type { Tally } from '#contract/comparisons.ts';
import { percentText } from '#exports/compare/comparison.ts';
import { share } from '#exports/evaluate/estimate.ts';
import { listBlindVotes, listContests, savedVotes, type BlindVote, type Contest } from '#store/blind-votes.ts';
import type { DatasetKind } from '#store/datasets.ts';
import type { Store } from '#store/store.ts';
import { runName } from './run-name.ts';
import { showEstimate } from './show-measured.ts';

export function tallyOf(store: Store, contest: Contest, votes: readonly BlindVote[]): Tally {
  const [firstWins, secondWins, equal] = ([1, -1, 0] as const).map((value) => votes.filter((vote) => vote.value === value).length) as [
    number,
    number,
    number,
  ];
  const names = [runName(store, contest.firstRunId), runName(store, contest.secondRunId)] as const;
  const decided = firstWins + secondWins;
  const unsaved = (kind: DatasetKind): number => {
    const saved = savedVotes(store, contest, kind);
    return votes.filter(({ id, value }) => value !== 0 && !saved.has(id)).length;
  };
  return {
    firstWins,
    secondWins,
    equal,
    share: decided === 0 ? null : showEstimate(share(firstWins, decided)),
    text: tallyText(names, { firstWins, secondWins, equal }),
    unsaved: { pair: unsaved('pair'), example: unsaved('example') },
  };
}

/** A sentence for each two of a project that were voted on. */
export function tallyTexts(store: Store, projectId: number): string[] {
  return listContests(store, projectId).map((contest) => `Blind votes: ${tallyOf(store, contest, listBlindVotes(store, contest)).text}`);
}

type Counts = Pick<Tally, 'firstWins' | 'secondWins' | 'equal'>;

function tallyText([first, second]: readonly [string, string], { firstWins, secondWins, equal }: Counts): string {
  const decided = firstWins + secondWins;
  const counts = `${first} won ${times(firstWins)}, ${second} won ${times(secondWins)}, and ${times(equal)} they were equal.`;
  if (decided === 0) return `${counts} Nothing tells them apart.`;
  const [better, wins] = firstWins >= secondWins ? [first, firstWins] : [second, secondWins];
  const part = share(wins, decided);
  const facts = `${counts} Of the ${decided} votes that decided, ${percentText(part)} went to ${better}`;
  return part.low > 0.5
    ? `${facts}: more than chance explains.`
    : `${facts}: within noise, since the 95 % interval holds 50 %. Vote on more prompts to know.`;
}

function times(count: number): string {
  return count === 0 ? 'never' : count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}
