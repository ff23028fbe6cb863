/** @file Blind votes as rows of a dataset like any other: the better answer chosen over the other one, or one example each. */
import { StoreError } from '#contract/errors.ts';
import type { ChatExample, ChatPair, Message, Row, TextExample, TextPair } from '#engine/data/row.ts';
import { toNewRow } from '#datasets/row-texts.ts';
import { listBlindVotes, markVotesSaved, savedVotes, type BlindVote, type Contest } from '#store/blind-votes.ts';
import { createDataset, listDatasets, type DatasetKind, type DatasetVersion } from '#store/datasets.ts';
import type { NewRow } from '#store/row-columns.ts';
import { RowWriter } from '#store/row-writer.ts';
import type { Store } from '#store/store.ts';

export interface SaveVotes {
  readonly kind: DatasetKind;
  /** Of a new dataset, or of one of the same kind, which gets more rows. */
  readonly name: string;
}

/**
 * Each vote becomes rows of a kind once. Equal ones become none, since nothing was better.
 * @throws {StoreError} `conflict` if there is nothing to save, or a dataset of that name and another kind
 */
export function saveVotes(
  store: Store,
  contest: Contest,
  { kind, name }: SaveVotes,
): { readonly version: DatasetVersion; readonly rows: number } {
  return store.writeDurably(() => {
    const saved = savedVotes(store, contest, kind);
    const votes = listBlindVotes(store, contest).filter(({ id, value }) => value !== 0 && !saved.has(id));
    if (votes.length === 0)
      throw new StoreError('Every vote with a better answer is a row already. Vote on more prompts first.', { reason: 'conflict' });
    const datasetId = datasetFor(store, contest.projectId, { kind, name });
    const writer = RowWriter.begin(store, { datasetId, keepRows: true, origin: { kind: 'votes', votes: votes.length } });
    writer.add(votes.flatMap((vote) => (kind === 'pair' ? [pairOf(vote)] : examplesOf(vote))));
    const version = writer.commit();
    markVotesSaved(
      store,
      votes.map(({ id }) => id),
      datasetId,
    );
    return { version, rows: writer.added };
  });
}

function datasetFor(store: Store, projectId: number, { kind, name }: SaveVotes): number {
  const known = listDatasets(store, projectId).find((dataset) => dataset.name === name);
  if (!known) return createDataset(store, { projectId, name, kind }).id;
  if (known.kind === kind) return known.id;
  const holds = known.kind === 'pair' ? 'pairs' : 'examples';
  throw new StoreError(`“${name}” holds ${holds}. Choose another name for what the votes become.`, { reason: 'conflict' });
}

function pairOf(vote: BlindVote): NewRow {
  const { better, worse } = answersOf(vote);
  const base = { kind: 'pair', row: 1 } as const;
  const row: TextPair | ChatPair =
    vote.form === 'text'
      ? { ...base, form: 'text', prompt: vote.prompt, chosen: better, rejected: worse }
      : { ...base, form: 'chat', ...chatOf(vote), chosen: said(better), rejected: said(worse) };
  return asNew(row);
}

function examplesOf(vote: BlindVote): NewRow[] {
  const { better, worse } = answersOf(vote);
  const example = (completion: string, label: boolean): TextExample | ChatExample => {
    const base = { kind: 'example', row: 1, label } as const;
    return vote.form === 'text'
      ? { ...base, form: 'text', prompt: vote.prompt, completion }
      : { ...base, form: 'chat', ...chatOf(vote), completion: said(completion) };
  };
  return [asNew(example(better, true)), asNew(example(worse, false))];
}

function answersOf({ value, firstAnswer, secondAnswer }: BlindVote): { readonly better: string; readonly worse: string } {
  return value === 1 ? { better: firstAnswer, worse: secondAnswer } : { better: secondAnswer, worse: firstAnswer };
}

function chatOf({ prompt, options }: BlindVote): Pick<ChatPair, 'prompt' | 'options'> {
  const none = { tools: null, templateKwargs: {} };
  return {
    prompt: JSON.parse(prompt) as readonly Message[],
    options: options === null ? none : (JSON.parse(options) as ChatPair['options']),
  };
}

function said(content: string): readonly Message[] {
  return [{ role: 'assistant', content }];
}

function asNew(row: Row): NewRow {
  return toNewRow(row, { sourceFile: null, sourceRow: null });
}
