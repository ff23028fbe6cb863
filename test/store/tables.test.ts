/** @file The smaller tables: projects, models, datasets, splits, adapters, caches, chats, votes, settings. */
import { expect, test } from 'vitest';
import { InternalError } from '#contract/errors.ts';
import { getAdapter, saveAdapter } from '#store/adapters.ts';
import { createChat, deleteChat, getChat, listChats, updateChat } from '#store/chats.ts';
import { createDataset, getDataset, latestVersionOf, listDatasets, renameDataset } from '#store/datasets.ts';
import { editRows } from '#store/edit-rows.ts';
import { addMessage, deleteMessagesFrom, getMessage, listMessages, type NewMessage } from '#store/messages.ts';
import { findModel, getModel, listModels, saveModel } from '#store/models.ts';
import { createProject, findProject, getProject, listProjects, touchProject, updateProject } from '#store/projects.ts';
import { deleteReferenceCache, listReferenceCaches, saveReferenceCache, useReferenceCache } from '#store/reference-caches.ts';
import { getSetting, listSettings, setSetting } from '#store/settings.ts';
import { createSplit, getSplit, iterateSplitRows, listSplits, readSides, type SplitPart } from '#store/splits.ts';
import { listStoredFiles } from '#store/stored-files.ts';
import { deleteVote, findVote, linkVoteToRow, listVotes, saveVote } from '#store/votes.ts';
import { sampleProject } from './sample-project.ts';
import { example, examples, importRows, NOON, sampleDataset, sampleStore, storeErrorOf } from './sample-store.ts';

test('settings hold any JSON, and null takes them away', async () => {
  const store = await sampleStore();
  for (const value of ['dark', 0, false, [1, null], { a: { b: 'c' } }]) {
    setSetting(store, 'x', value);
    expect(getSetting(store, 'x')).toEqual(value);
  }
  setSetting(store, 'a', true);
  expect(listSettings(store)).toEqual({ a: true, x: { a: { b: 'c' } } });
  setSetting(store, 'x', null);
  expect(getSetting(store, 'x')).toBeNull();
  expect(listSettings(store)).toEqual({ a: true });
});

test('JSON that another program broke is reported, not thrown as a bug', async () => {
  const store = await sampleStore();
  store.run(`INSERT INTO settings VALUES ('x', '{')`);
  expect(storeErrorOf(() => getSetting(store, 'x'))).toMatchObject({ reason: 'corrupt', choices: ['restore-backup'] });
  store.run(`INSERT INTO models (path, name, facts, added_at) VALUES ('/m', 'm', '[]', 0)`);
  expect(storeErrorOf(() => getModel(store, 1)).message).toContain('models.facts');
});

test('projects have names of their own, and the last touched comes first', async () => {
  let time = NOON;
  const store = await sampleStore({ now: () => time++ });
  const first = createProject(store, { name: 'first', notes: 'n' });
  const second = createProject(store, { name: 'second' });
  expect(getProject(store, first.id)).toEqual(first);
  expect(findProject(store, 'second')).toEqual(second);
  expect([getProject(store, 9), findProject(store, 'First')]).toEqual([null, null]);
  expect(listProjects(store)).toEqual([second, first]);
  touchProject(store, first.id);
  expect(listProjects(store).map(({ name }) => name)).toEqual(['first', 'second']);
  const renamed = updateProject(store, second.id, { name: 'third' });
  expect(getProject(store, second.id)).toEqual(renamed);
  expect(renamed).toMatchObject({ name: 'third', notes: '', createdAt: second.createdAt });
  expect(updateProject(store, second.id, { name: 'third', notes: 'x' }).notes).toBe('x');
  for (const taken of [() => createProject(store, { name: 'first' }), () => updateProject(store, second.id, { name: 'first' })]) {
    expect(storeErrorOf(taken)).toMatchObject({
      reason: 'conflict',
      message: 'There is already a project called “first”. Choose another name.',
    });
  }
  expect(storeErrorOf(() => updateProject(store, 9, {})).reason).toBe('not-found');
});

test('a model is known by its path', async () => {
  const store = await sampleStore();
  const model = saveModel(store, { path: '/models/tiny', name: 'tiny', sha256: null, facts: { layers: 2 } });
  const same = saveModel(store, { path: '/models/tiny', name: 'Tiny', sha256: 'ab', facts: { layers: 3 } });
  expect(same).toEqual({ ...model, name: 'Tiny', sha256: 'ab', facts: { layers: 3 } });
  expect(getModel(store, model.id)).toEqual(same);
  expect(findModel(store, '/models/tiny')).toEqual(same);
  expect([getModel(store, 9), findModel(store, '/other')]).toEqual([null, null]);
  const other = saveModel(store, { path: 'models/other', name: 'other', sha256: null, facts: {} });
  expect(listModels(store)).toEqual([other, same]);
});

test('datasets have names of their own in a project', async () => {
  const store = await sampleStore();
  const { projectId, datasetId } = sampleDataset(store, 'pair');
  expect(getDataset(store, datasetId)).toMatchObject({ name: 'Reviews', kind: 'pair' });
  expect(getDataset(store, 9)).toBeNull();
  expect(storeErrorOf(() => createDataset(store, { projectId, name: 'Reviews', kind: 'example' })).message).toContain(
    'already has a dataset called “Reviews”',
  );
  expect(storeErrorOf(() => createDataset(store, { projectId: 9, name: 'x', kind: 'example' })).reason).toBe('not-found');
  const other = createDataset(store, { projectId, name: 'Other', kind: 'example' });
  expect(listDatasets(store, projectId).map(({ name }) => name)).toEqual(['Reviews', 'Other']);
  expect(storeErrorOf(() => renameDataset(store, other.id, 'Reviews')).reason).toBe('conflict');
  expect(renameDataset(store, other.id, 'Third')).toEqual(getDataset(store, other.id));
  expect(storeErrorOf(() => renameDataset(store, 9, 'x')).reason).toBe('not-found');
  expect(latestVersionOf(store, other.id)).toBeNull();
});

test('a split says for every row of its version whether it is held out', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const version = importRows(store, datasetId, examples(11));
  // Bits above the last row count for nothing.
  const heldOut = new Uint8Array([0b1000_0001, 0b1111_1100]);
  const leftOut = new Uint8Array([0b0000_0010, 0]);
  const split = createSplit(store, { versionId: version.id, name: 'default', settings: { seed: 1 }, heldOut, leftOut });
  expect(split).toMatchObject({ trainCount: 7, heldOutCount: 3, leftOutCount: 1 });
  const promptsOf = (part: SplitPart): string[] => Array.from(iterateSplitRows(store, split.id, part), ({ prompt }) => prompt);
  expect(promptsOf('held-out')).toEqual(['Question 0?', 'Question 7?', 'Question 10?']);
  expect(promptsOf('left-out')).toEqual(['Question 1?']);
  expect(promptsOf('train')).toHaveLength(7);
  const { partOf } = readSides(store, split.id);
  expect([0, 1, 2].map(partOf)).toEqual(['held-out', 'left-out', 'train']);
  expect(getSplit(store, split.id)).toEqual(split);
  editRows(store, { versionId: version.id, edits: [{ kind: 'append', row: example(11) }], origin: {} });
  expect(promptsOf('held-out')).toHaveLength(3);
  expect(listSplits(store, version.id)).toEqual([split]);
  expect(getSplit(store, 9)).toBeNull();
  for (const work of [() => readSides(store, 9), () => [...iterateSplitRows(store, 9, 'train')]])
    expect(storeErrorOf(work).reason).toBe('not-found');
  expect(() => createSplit(store, { versionId: version.id, name: 'x', settings: {}, heldOut: new Uint8Array(1) })).toThrow(InternalError);
});

test('an adapter is known by its path', async () => {
  const store = await sampleStore();
  const { adapter } = sampleProject(store);
  expect(getAdapter(store, adapter.id)).toEqual(adapter);
  expect(getAdapter(store, 9)).toBeNull();
  const { id, createdAt, ...same } = adapter;
  expect(saveAdapter(store, { ...same, sha256: 'cd', files: [] })).toEqual({ id, createdAt, ...same, sha256: 'cd' });
});

test('reference caches are found by their key, and the least used comes first', async () => {
  let time = NOON;
  const store = await sampleStore({ now: () => time++ });
  const cache = { modelId: null, sha256: 'ab', bytes: 8 };
  const one = saveReferenceCache(store, { ...cache, key: 'one', path: 'references/1' });
  const two = saveReferenceCache(store, { ...cache, key: 'two', path: 'references/2' });
  expect(useReferenceCache(store, 'one')?.usedAt).toBeGreaterThan(two.usedAt);
  expect(useReferenceCache(store, 'three')).toBeNull();
  expect(listReferenceCaches(store).map(({ key }) => key)).toEqual(['two', 'one']);
  const moved = saveReferenceCache(store, { ...cache, key: 'one', path: 'references/3' });
  expect(moved).toMatchObject({ id: one.id, path: 'references/3' });
  expect(listStoredFiles(store).map(({ path }) => path)).toEqual(['references/2', 'references/3']);
  expect(deleteReferenceCache(store, one.id)).toEqual(moved);
  expect(listStoredFiles(store)).toHaveLength(1);
  expect(storeErrorOf(() => deleteReferenceCache(store, one.id)).reason).toBe('not-found');
});

test('a chat holds messages by turn and pane', async () => {
  let time = NOON;
  const store = await sampleStore({ now: () => time++ });
  const { projectId, adapter } = sampleProject(store);
  const chat = createChat(store, { projectId, title: 'New', settings: { panes: 2 } });
  const said = { chatId: chat.id, adapterId: null, speaker: null, sampling: null, state: 'complete', facts: null } as const;
  const messages: NewMessage[] = [
    { ...said, turn: 1, pane: 1, role: 'assistant', content: 'B', adapterId: adapter.id, speaker: 'first', sampling: { seed: 7 } },
    { ...said, turn: 1, pane: null, role: 'user', content: '👋 "Hi"' },
    { ...said, turn: 1, pane: 0, role: 'assistant', content: 'A', state: 'stopped' },
    { ...said, turn: 0, pane: null, role: 'system', content: '' },
  ];
  const added = messages.map((message) => addMessage(store, message));
  expect(listMessages(store, chat.id)).toEqual([added[3], added[1], added[2], added[0]]);
  expect(added[0]).toMatchObject(messages[0] ?? {});
  expect(getMessage(store, added[0]?.id ?? 0)).toEqual(added[0]);
  expect(getMessage(store, 99)).toBeNull();
  expect(listChats(store, projectId)[0]).toMatchObject({ id: chat.id, updatedAt: added[3]?.createdAt });
  expect(storeErrorOf(() => addMessage(store, messages[1] ?? ({} as NewMessage))).reason).toBe('conflict');
  deleteMessagesFrom(store, chat.id, 1);
  expect(listMessages(store, chat.id).map(({ role }) => role)).toEqual(['system']);
  expect(updateChat(store, chat.id, { title: 'Named' })).toMatchObject({ title: 'Named', settings: { panes: 2 } });
  deleteChat(store, chat.id);
  expect(getChat(store, chat.id)).toBeNull();
  expect(listMessages(store, chat.id)).toEqual([]);
  expect(storeErrorOf(() => updateChat(store, chat.id, {})).reason).toBe('not-found');
});

test('a vote is one however often it is given, and remembers its row', async () => {
  const store = await sampleStore();
  const { projectId, datasetId } = sampleProject(store);
  const chat = createChat(store, { projectId, title: '', settings: {} });
  const said = {
    chatId: chat.id,
    turn: 0,
    role: 'assistant',
    adapterId: null,
    speaker: null,
    sampling: null,
    state: 'complete',
    facts: null,
  } as const;
  const [a = 0, b = 0] = [0, 1].map((pane) => addMessage(store, { ...said, pane, content: '' }).id);

  const thumb = saveVote(store, { messageId: a, value: 1, reason: null });
  const version = latestVersionOf(store, datasetId);
  linkVoteToRow(store, thumb.id, 1);
  expect(saveVote(store, { messageId: a, value: -1, reason: 'rude' })).toEqual({ ...thumb, value: -1, reason: 'rude', rowId: 1 });
  expect(findVote(store, a)).toMatchObject({ id: thumb.id, value: -1 });
  expect(findVote(store, b)).toBeNull();
  saveVote(store, { messageId: b, value: 1, reason: null });
  expect(listVotes(store, chat.id)).toHaveLength(2);

  expect(storeErrorOf(() => saveVote(store, { messageId: a, value: 0 as never, reason: null })).reason).toBe('conflict');
  expect(storeErrorOf(() => saveVote(store, { messageId: 999, value: 1, reason: null })).reason).toBe('not-found');
  expect(storeErrorOf(() => linkVoteToRow(store, 999, 1)).reason).toBe('not-found');

  store.write(() => store.run('DELETE FROM datasets WHERE id = ?', [version?.datasetId ?? 0]));
  expect(listVotes(store, chat.id).map(({ rowId }) => rowId)).toEqual([null, null]);
  deleteVote(store, thumb.id);
  expect(listVotes(store, chat.id)).toHaveLength(1);
});
