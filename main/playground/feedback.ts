/** @file Thumbs on answers become rows of the project's feedback dataset: the conversation as prompt, the answer as completion, the thumb as label. */
import { StoreError } from '#contract/errors.ts';
import type { FeedbackSummary, Thumb } from '#contract/chats.ts';
import { toNewRow } from '#datasets/row-texts.ts';
import type { ExampleRow } from '#engine/data/row.ts';
import { getChat } from '#store/chats.ts';
import { createDataset, latestVersionOf, listDatasets, listVersions, type Dataset, type DatasetVersion } from '#store/datasets.ts';
import { editRows, type RowEdit } from '#store/edit-rows.ts';
import type { JsonObject } from '#store/json-column.ts';
import { getMessage, type Message } from '#store/messages.ts';
import { notFound } from '#store/not-found.ts';
import type { NewRow } from '#store/row-columns.ts';
import { RowWriter } from '#store/row-writer.ts';
import { currentRowOf, readRows } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { deleteVote, findVote, linkVoteToRow, saveVote } from '#store/votes.ts';
import { ANSWER, conversationBefore } from './conversation.ts';
import { readFacts } from './stored-answer.ts';

const NAME = 'Feedback';
/** What makes a dataset the feedback of its project, whatever it is called now. */
const KIND = 'feedback';

/** Null before the first thumb, and after the dataset was deleted. */
export function describeFeedback(store: Store, projectId: number): FeedbackSummary | null {
  const found = feedbackOf(store, projectId);
  if (!found) return null;
  const { dataset, version } = found;
  const { id: versionId, rowCount: rows, desirableCount: desirable, undesirableCount: undesirable } = version;
  return { datasetId: dataset.id, versionId, name: dataset.name, rows, desirable, undesirable };
}

/**
 * Another thumb on the same answer changes its row; null takes row and thumb back. A row that a person deleted or rewrote since stays as they want it:
 * only its label follows.
 * @throws {StoreError} `not-found`, or `conflict` if there is nothing to vote on, or rows are being imported into the dataset
 */
export function vote(store: Store, messageId: number, thumb: Thumb | null): void {
  const message = getMessage(store, messageId);
  const chat = message && getChat(store, message.chatId);
  if (!message || !chat || message.role !== 'assistant') throw notFound('answer', messageId);
  if (message.state === 'failed' || message.content.trim() === '') {
    throw new StoreError('There is no answer here to learn from. Ask again, then vote.', { reason: 'conflict' });
  }
  store.writeDurably(() => {
    const feedback = feedbackOf(store, chat.projectId);
    const before = findVote(store, messageId);
    const row = before?.rowId && feedback ? currentRowOf(store, before.rowId, feedback.version) : null;
    if (thumb === null) {
      if (feedback && row) edit(store, feedback.version, { kind: 'delete', rowId: row.id }, provenance(message, null));
      if (before) deleteVote(store, before.id);
      return;
    }
    const label = thumb.value === 'up';
    const saved = saveVote(store, { messageId, value: label ? 1 : -1, reason: thumb.reason });
    if (row?.label === label) return;
    const origin = provenance(message, thumb);
    if (feedback && row) {
      const version = edit(store, feedback.version, { kind: 'relabel', rowId: row.id, label }, origin);
      linkVoteToRow(store, saved.id, currentRowOf(store, row.id, version)?.id ?? row.id);
    } else linkVoteToRow(store, saved.id, append(store, chat.projectId, rowOf(store, message, label), origin));
  });
}

interface Feedback {
  readonly dataset: Dataset;
  readonly version: DatasetVersion;
}

/** The newest, if there are several. */
function feedbackOf(store: Store, projectId: number): Feedback | null {
  for (const dataset of listDatasets(store, projectId).toReversed()) {
    if (dataset.kind !== 'example' || listVersions(store, dataset.id)[0]?.origin['kind'] !== KIND) continue;
    const version = latestVersionOf(store, dataset.id);
    if (version) return { dataset, version };
  }
  return null;
}

function edit(store: Store, { id: versionId }: DatasetVersion, change: RowEdit, origin: JsonObject): DatasetVersion {
  return editRows(store, { versionId, edits: [change], origin });
}

/** @returns the row's id */
function append(store: Store, projectId: number, row: NewRow, origin: JsonObject): number {
  const feedback = feedbackOf(store, projectId);
  const version = feedback
    ? edit(store, feedback.version, { kind: 'append', row }, origin)
    : firstVersion(store, createDataset(store, { projectId, name: freeName(store, projectId), kind: 'example' }), { row, origin });
  const [added] = readRows(store, { versionId: version.id, from: version.rowCount - 1, count: 1 });
  return added?.id ?? 0;
}

function firstVersion(store: Store, { id: datasetId }: Dataset, { row, origin }: { row: NewRow; origin: JsonObject }): DatasetVersion {
  const writer = RowWriter.begin(store, { datasetId, keepRows: false, origin });
  writer.add([row]);
  return writer.commit();
}

function freeName(store: Store, projectId: number): string {
  const taken = new Set(listDatasets(store, projectId).map(({ name }) => name));
  for (let number = 1; ; number++) {
    const name = number === 1 ? NAME : `${NAME} ${number}`;
    if (!taken.has(name)) return name;
  }
}

/** The conversation as the model had it; of a model without a template, its text alone. */
function rowOf(store: Store, { chatId, turn, pane, content, facts }: Message, label: boolean): NewRow {
  const { system = '', hasChatTemplate = true } = readFacts(facts) ?? {};
  const messages = conversationBefore(store, { chatId, turn: turn - ANSWER, pane: pane ?? 0, system });
  const base = { kind: 'example', row: 1, label } as const;
  const row: ExampleRow = hasChatTemplate
    ? {
        ...base,
        form: 'chat',
        prompt: messages,
        completion: [{ role: 'assistant', content }],
        options: { tools: null, templateKwargs: {} },
      }
    : { ...base, form: 'text', prompt: messages.at(-1)?.content ?? '', completion: content };
  return toNewRow(row, { sourceFile: null, sourceRow: null });
}

/** Stays with the version of the dataset, also when the conversation is deleted. */
function provenance({ id, speaker, adapterId, sampling, facts, createdAt }: Message, thumb: Thumb | null): JsonObject {
  const { model = null, weights = null, adapterSha256 = null } = readFacts(facts) ?? {};
  return {
    kind: KIND,
    label: thumb && thumb.value === 'up',
    reason: thumb?.reason ?? null,
    speaker,
    model,
    weights,
    adapterId,
    adapterSha256,
    sampling,
    answeredAt: createdAt,
    messageId: id,
  };
}
