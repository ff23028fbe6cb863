/** @file Thumbs become rows of a dataset like any other: made, changed, taken back, with where they came from; and what a pane is told of a conversation. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ChatSettings } from '#contract/chats.ts';
import { conversationBefore } from '#playground/conversation.ts';
import { describeFeedback } from '#playground/feedback.ts';
import { titleFrom } from '#playground/title-from.ts';
import { createChat } from '#store/chats.ts';
import { createDataset, getDataset, latestVersionOf, listVersions, renameDataset, requireVersion } from '#store/datasets.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { addMessage, deleteMessagesFrom, type NewMessage } from '#store/messages.ts';
import { createProject } from '#store/projects.ts';
import { firstVersionOf, readRows } from '#store/rows.ts';
import { RowWriter } from '#store/row-writer.ts';
import { ask } from '#test/support/ask.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';

let services: FakeServices;
let projectId = 0;
let chatId = 0;
beforeEach(async () => {
  services = await fakeServices();
  projectId = createProject(services.store, { name: 'Reviews' }).id;
  chatId = createChat(services.store, { projectId, title: 'Talk', settings: ChatSettings.parse({}) }).id;
});

const FACTS = {
  facts: { tokens: 2, promptTokens: 3, tokensPerSecond: 4, reason: 'end', droppedMessages: 0 },
  problem: null,
  system: 'Be short.',
  hasChatTemplate: true,
  model: 'tiny',
  weights: 'Q8_0',
  device: 'CPU',
  adapterSha256: 'ab',
};

function say(turn: number, pane: number | null, content: string, change: Partial<NewMessage> = {}): number {
  const common = { chatId, turn, pane, content, adapterId: null, state: 'complete' } as const;
  const own =
    pane === null
      ? ({ role: 'user', speaker: null, sampling: null, facts: null } as const)
      : ({ role: 'assistant', speaker: 'KTO 1', sampling: { temperature: 0.7, seed: 7 }, facts: FACTS } as const);
  return addMessage(services.store, { ...common, ...own, ...change }).id;
}

const up = (messageId: number, reason: string | null = null) => ask(services, 'chats.vote', { messageId, thumb: { value: 'up', reason } });
const down = (messageId: number, reason: string | null = null) =>
  ask(services, 'chats.vote', { messageId, thumb: { value: 'down', reason } });
const back = (messageId: number) => ask(services, 'chats.vote', { messageId, thumb: null });
const feedback = () => describeFeedback(services.store, projectId);
function rows() {
  const { versionId = 0, rows: count = 0 } = feedback() ?? {};
  return readRows(services.store, { versionId, from: 0, count: Math.max(1, count) });
}

describe('a thumb', () => {
  test('makes a dataset, and a row with the whole conversation, the answer and its label', async () => {
    expect(await ask(services, 'chats.getFeedback', { projectId })).toBeNull();
    say(0, null, 'Hi');
    say(1, 0, 'Hello.');
    say(2, null, 'And now?');
    const answer = say(3, 0, 'Now this.');
    await up(answer, ' clear ');
    expect(feedback()).toMatchObject({ name: 'Feedback', rows: 1, desirable: 1, undesirable: 0 });
    const [row] = rows();
    expect(row).toMatchObject({ form: 'chat', label: true, options: null });
    expect(JSON.parse(row?.prompt ?? '')).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: 'And now?' },
    ]);
    expect(JSON.parse(row?.completion ?? '')).toEqual([{ role: 'assistant', content: 'Now this.' }]);
    const chat = await ask(services, 'chats.get', { chatId });
    expect(chat.turns[1]?.answers[0]?.thumb).toEqual({ value: 'up', reason: 'clear' });
    expect(services.told.map(({ name }) => name)).toEqual(expect.arrayContaining(['datasets.changed', 'chats.changed']));
    // It is a dataset like any other.
    const [dataset] = await ask(services, 'datasets.list', { projectId });
    expect(dataset).toMatchObject({
      name: 'Feedback',
      kind: 'example',
      version: { origin: 'In Chat: an answer of KTO 1 was called desirable (“clear”).' },
    });
  });

  test('keeps where it came from, also when the conversation is deleted', async () => {
    say(0, null, 'Hi');
    await down(say(1, 0, 'Go away.'), 'rude');
    await ask(services, 'chats.delete', { chatId });
    const [row] = rows();
    expect(firstVersionOf(services.store, row?.id ?? 0)?.origin).toMatchObject({
      kind: 'feedback',
      label: false,
      reason: 'rude',
      speaker: 'KTO 1',
      model: 'tiny',
      weights: 'Q8_0',
      adapterSha256: 'ab',
      sampling: { temperature: 0.7, seed: 7 },
    });
  });

  test('that is changed changes its row; one that is taken back takes the row along; given again it is a row again', async () => {
    say(0, null, 'Hi');
    const first = say(1, 0, 'One.');
    const second = say(1, 1, 'Two.');
    await up(first);
    await up(second);
    await down(first, 'too short');
    expect(rows().map(({ label }) => label)).toEqual([false, true]);
    // Another reason for the same label changes no row.
    const { versionId } = feedback()!;
    await down(first, 'much too short');
    expect(feedback()?.versionId).toBe(versionId);
    await back(first);
    expect(rows().map(({ completion }) => completion)).toEqual([expect.stringContaining('Two.')]);
    await back(first);
    await up(first);
    expect(feedback()).toMatchObject({ rows: 2, desirable: 2 });
    const versions = listVersions(services.store, feedback()!.datasetId);
    expect((await ask(services, 'datasets.listVersions', { datasetId: feedback()!.datasetId })).map(({ origin }) => origin)[1]).toBe(
      'In Chat: the thumb on an answer of KTO 1 was taken back.',
    );
    expect(versions.map(({ rowCount }) => rowCount)).toEqual([1, 2, 2, 1, 2]);
  });

  test('follows its row through edits by hand, and respects that one was deleted', async () => {
    say(0, null, 'Hi');
    const answer = say(1, 0, 'One.');
    await up(answer);
    const [row] = rows();
    const prompt = JSON.stringify([{ role: 'user', content: 'Hi' }]);
    const completion = JSON.stringify([{ role: 'assistant', content: 'One, better.' }]);
    const edits = [{ kind: 'rewrite' as const, rowId: row!.id, prompt, completion, rejected: null, label: true }];
    await ask(services, 'datasets.edit', { versionId: feedback()!.versionId, edits });
    await down(answer);
    expect(rows()).toMatchObject([{ completion, label: false }]);
    await ask(services, 'datasets.edit', { versionId: feedback()!.versionId, edits: [{ kind: 'delete', rowId: rows()[0]!.id }] });
    await back(answer);
    expect(feedback()).toMatchObject({ rows: 0 });
    await up(answer);
    expect(rows()).toMatchObject([{ completion: expect.stringContaining('One.') as string, label: true }]);
  });

  test('finds its dataset under another name, and makes another when it was deleted or the name is taken', async () => {
    createDataset(services.store, { projectId, name: 'Feedback', kind: 'pair' });
    say(0, null, 'Hi');
    const answer = say(1, 0, 'One.');
    await up(answer);
    const { datasetId } = feedback()!;
    expect(getDataset(services.store, datasetId)?.name).toBe('Feedback 2');
    renameDataset(services.store, datasetId, 'Mine');
    await down(answer);
    expect(feedback()).toMatchObject({ datasetId, name: 'Mine', undesirable: 1 });
    deleteWithFiles(services.store, 'dataset', datasetId);
    expect(feedback()).toBeNull();
    await down(answer);
    expect(feedback()).toMatchObject({ name: 'Feedback 2', rows: 1 });
    expect(latestVersionOf(services.store, datasetId)).toBeNull();
  });

  test('on a failed or empty answer, a question, or nothing is refused; nothing is half written while rows are imported', async () => {
    const question = say(0, null, 'Hi');
    for (const id of [say(1, 0, 'Half', { state: 'failed' }), say(1, 1, ' ')])
      await expect(up(id)).rejects.toThrow(/no answer here to learn from/);
    for (const id of [question, 999]) await expect(up(id)).rejects.toThrow(/There is no answer/);
    const good = say(1, 2, 'Good.');
    await up(good);
    const { datasetId, versionId } = feedback()!;
    const writer = RowWriter.begin(services.store, { datasetId, keepRows: true, origin: {} });
    await expect(down(good)).rejects.toThrow(/are being imported/);
    expect((await ask(services, 'chats.get', { chatId })).turns[0]?.answers.at(-1)?.thumb?.value).toBe('up');
    await writer.abort();
    expect(requireVersion(services.store, versionId).desirableCount).toBe(1);
  });

  test('on an answer of a model without a chat template is a row of text', async () => {
    say(0, null, 'Once upon');
    await up(say(1, 0, ' a time', { facts: { ...FACTS, hasChatTemplate: false } }));
    expect(rows()).toMatchObject([{ form: 'text', prompt: 'Once upon', completion: ' a time', label: true }]);
  });
});

describe('what a pane is told', () => {
  test('is its own answers, or those of another where it has none; a question without any answer is left out', () => {
    say(0, null, 'A?');
    say(1, 0, 'a0');
    say(2, null, 'B?');
    say(3, 0, '', { state: 'failed' });
    say(4, null, 'C?');
    say(5, 0, 'c0');
    say(5, 1, 'c1');
    say(6, null, 'D?');
    const told = (pane: number) => conversationBefore(services.store, { chatId, turn: 6, pane, system: '' }).map(({ content }) => content);
    expect(told(0)).toEqual(['A?', 'a0', 'C?', 'c0', 'D?']);
    expect(told(1)).toEqual(['A?', 'a0', 'C?', 'c1', 'D?']);
    deleteMessagesFrom(services.store, chatId, 1);
    expect(told(0)).toEqual([]);
  });
});

test('a conversation is called by the beginning of its first question', () => {
  expect(titleFrom('  Hi\n there ')).toBe('Hi there');
  expect(titleFrom('word '.repeat(30))).toBe(`${'word '.repeat(12).trim()}…`);
  expect(titleFrom('x'.repeat(200))).toBe(`${'x'.repeat(60)}…`);
});

test('settings that can not work are refused with their name', async () => {
  const configure = (changes: object) => ask(services, 'chats.configure', { chatId, changes });
  await expect(configure({ sampling: { temperature: -1 } })).rejects.toThrow(/temperature is 0 or more/);
  await expect(configure({ sampling: { top_p: 0 } })).rejects.toThrow(/top_p is above 0/);
  await expect(configure({ panes: [null, 1, 2, 3] })).rejects.toThrow(/Three models fit/);
  await expect(ask(services, 'chats.ask', { chatId, text: '  ' })).rejects.toThrow(/Write something first/);
});
