/** @file Conversations as windows have them, on the real llama.cpp and the starter model: opening, streaming, stopping, and every way a model goes. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ToChat } from '#chat/chat-messages.ts';
import type { SpawnChat } from '#chat/chat-process.ts';
import { forkChild } from '#processes/fork-child.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { ask } from '#test/support/ask.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';
import { saveModel } from '#store/models.ts';
import { saveAdapter } from '#store/adapters.ts';
import { answered, makeChatProject, openModel, pieces, type ChatProject } from './support.ts';

vi.setConfig({ testTimeout: 90_000 });

const QUESTION = 'Review of a paper about parsing.';
const CHAT = join(import.meta.dirname, '../../main/chat/worker.ts');

/** Of all tests, so that the model is converted once. */
let cacheDir = '';
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'prospect-playground-'));
});
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

async function open(changes: Partial<FakeServices> = {}): Promise<{ services: FakeServices; project: ChatProject; chatId: number }> {
  const services = await fakeServices({ ...changes, cacheDir });
  const project = await makeChatProject(services.store);
  await openModel(services, project.projectId);
  return { services, project, chatId: (await ask(services, 'chats.create', { projectId: project.projectId })).id };
}

/** Far from the end of an answer. */
const LONG = { temperature: 10, top_p: 1, max_new_tokens: 450, seed: 1 };

/** @param work - called with the process when it says the first words of an answer */
function atFirstWords(work: (pid: number) => unknown): SpawnChat {
  const fork = forkChild<ToChat>(CHAT, () => undefined);
  return () => {
    const child = fork();
    let isFirst = true;
    child.onMessage((message) => {
      if (!isFirst || (message as { type: string }).type !== 'text') return;
      isFirst = false;
      work(child.pid ?? 0);
    });
    return child;
  };
}

test('a model is converted and checked once, as a task, and says what it is', async () => {
  const { services, project } = await open();
  const { projectId } = project;
  const state = await ask(services, 'playground.get', { projectId });
  expect(state).toMatchObject({ phase: 'open', closed: null, training: null, models: [{ name: 'starter-model', isThere: true }] });
  expect(state.open).toMatchObject({ device: 'CPU', weights: 'Q8_0', contextTokens: 512, hasChatTemplate: true });
  expect(state.open?.notes[0]).toMatch(/^Verified: loaded again by llama\.cpp/);
  const titles = new Set(
    services.told
      .flatMap(({ name, payload }) => (name === 'tasks.changed' ? (payload as { tasks: { title: string }[] }).tasks : []))
      .map(({ title }) => title),
  );
  expect([...titles]).toEqual(expect.arrayContaining(['Converting the model', 'Checking the converted model', 'Loading the model']));

  // Again: nothing is converted or checked.
  services.told.length = 0;
  await openModel(services, projectId);
  expect(JSON.stringify(services.told)).not.toContain('Checking the converted model');
  await ask(services, 'playground.close', { projectId });
  expect(await ask(services, 'playground.get', { projectId })).toMatchObject({ phase: 'closed', closed: null, open: null });
  expect(services.activity.current).toEqual([]);
});

test('base and adapter are asked together and answer differently, piece by piece; the conversation is kept and goes on', async () => {
  const { services, project, chatId } = await open();
  const { projectId, loud, silent } = project;
  // The base model beside the newest adapter.
  expect((await ask(services, 'chats.get', { chatId })).settings.panes).toEqual([null, loud.id]);
  const sampling = { temperature: 0.8, max_new_tokens: 24, seed: 7 };
  await ask(services, 'chats.configure', { chatId, changes: { panes: [null, silent.id, loud.id], system: 'Be short.', sampling } });
  await ask(services, 'chats.ask', { chatId, text: QUESTION });
  await expect(ask(services, 'chats.ask', { chatId, text: 'More?' })).rejects.toThrow(/An answer is being written/);
  expect((await ask(services, 'chats.get', { chatId })).turns[0]?.answers.map(({ state }) => state)).toEqual([
    'writing',
    'writing',
    'writing',
  ]);
  const chat = await answered(services, chatId);
  expect(chat).toMatchObject({ title: QUESTION, questions: 1, turns: [{ question: QUESTION }] });
  const [base, same, other] = chat.turns[0]?.answers ?? [];
  expect(base).toMatchObject({ speaker: 'starter-model', adapterId: null, state: 'complete', seed: 7, problem: null });
  expect(other).toMatchObject({ speaker: 'loud', adapterId: loud.id });
  expect(base?.facts?.tokensPerSecond).toBeGreaterThan(0);
  expect(same?.text).toBe(base?.text);
  expect(other?.text).not.toBe(base?.text);
  // What was told of an answer, put together, is the answer.
  for (const answer of chat.turns[0]?.answers ?? []) {
    const own = pieces(services).filter(({ pane }) => pane === answer.pane);
    expect(own.map(({ text }) => text).join('')).toBe(answer.text);
    expect(own.every(({ from }, i) => from === own.slice(0, i).reduce((sum, { text }) => sum + text.length, 0))).toBe(true);
  }

  await ask(services, 'chats.ask', { chatId, text: 'And now?' });
  const second = await answered(services, chatId);
  expect(second.turns).toHaveLength(2);
  expect(second.turns[1]?.answers[0]?.facts?.promptTokens).toBeGreaterThan((base?.facts?.promptTokens ?? 0) + 10);
  // The same seed gives the same answer again, another one another.
  await ask(services, 'chats.regenerate', { chatId, pane: 0 });
  expect((await answered(services, chatId)).turns[1]?.answers[0]?.text).toBe(second.turns[1]?.answers[0]?.text);
  await ask(services, 'chats.configure', { chatId, changes: { sampling: { ...sampling, seed: 8 } } });
  await ask(services, 'chats.regenerate', { chatId, pane: null });
  expect((await answered(services, chatId)).turns[1]?.answers[0]?.text).not.toBe(second.turns[1]?.answers[0]?.text);
  // Another first question: what came later is gone.
  await ask(services, 'chats.edit', { chatId, turn: 0, text: 'Something else.' });
  expect(await answered(services, chatId)).toMatchObject({ questions: 1, turns: [{ question: 'Something else.' }] });
  expect(await ask(services, 'playground.check', { projectId, adapterId: silent.id })).toMatchObject({ changes: 'nothing', largestGap: 0 });
  expect(await ask(services, 'playground.check', { projectId, adapterId: loud.id })).toMatchObject({ changes: 'something' });
});

test('what is written is stopped and stays; conversations are renamed, listed and deleted', async () => {
  // Held at its first words, so that there is something to stop on a machine of any speed.
  const held = Promise.withResolvers<number>();
  const { services, project, chatId } = await open({ spawnChat: atFirstWords((pid) => held.resolve((process.kill(pid, 'SIGSTOP'), pid))) });
  const { projectId } = project;
  await ask(services, 'chats.configure', { chatId, changes: { sampling: LONG } });
  await ask(services, 'chats.ask', { chatId, text: QUESTION });
  const pid = await held.promise;
  await ask(services, 'chats.stop', { chatId });
  process.kill(pid, 'SIGCONT');
  const [turn] = (await answered(services, chatId)).turns;
  for (const { pane, state, text, facts } of turn?.answers ?? []) {
    expect(state).toBe('stopped');
    expect(facts?.reason).toBe('stopped');
    expect(facts?.tokens).toBeLessThan(LONG.max_new_tokens);
    expect(text).toBe(
      pieces(services)
        .filter((piece) => piece.pane === pane)
        .map((piece) => piece.text)
        .join(''),
    );
  }
  expect(turn?.answers.some(({ text }) => text.length > 0)).toBe(true);
  await ask(services, 'chats.rename', { chatId, title: ' Parsing ' });
  const other = await ask(services, 'chats.create', { projectId });
  expect((await ask(services, 'chats.list', { projectId })).map(({ title }) => title)).toEqual(['', 'Parsing']);
  // It began as the last one was.
  expect((await ask(services, 'chats.get', { chatId: other.id })).settings.sampling.temperature).toBe(LONG.temperature);
  await ask(services, 'chats.ask', { chatId: other.id, text: QUESTION });
  await ask(services, 'chats.delete', { chatId: other.id });
  await vi.waitFor(() => expect(services.answers.liveIn(other.id)).toEqual([]), { timeout: 20_000 });
  expect((await ask(services, 'chats.list', { projectId })).map(({ id }) => id)).toEqual([chatId]);
  await expect(ask(services, 'chats.get', { chatId: other.id })).rejects.toThrow(/no conversation/);
  expect(services.logged.filter((line) => line.startsWith('error'))).toEqual([]);
});

test('a full context is said: the oldest messages are left out, and a question that can not fit fails by itself', async () => {
  const { services, chatId } = await open();
  const long = 'a review of a long paper about parsing and search '.repeat(25);
  await ask(services, 'chats.configure', { chatId, changes: { panes: [null], sampling: { temperature: 0, max_new_tokens: 8 } } });
  for (const text of [long, long, 'Short.']) {
    await ask(services, 'chats.ask', { chatId, text });
    await answered(services, chatId);
  }
  const chat = await ask(services, 'chats.get', { chatId });
  expect(chat.turns[2]?.answers[0]?.facts?.droppedMessages).toBeGreaterThan(0);
  await ask(services, 'chats.ask', { chatId, text: long.repeat(8) });
  const failed = (await answered(services, chatId)).turns[3]?.answers[0];
  expect(failed).toMatchObject({ state: 'failed', facts: null });
  expect(failed?.problem).toMatch(/context of 512 has room for 504/);
});

test('a process that dies leaves a sentence, what was written, and a playground that can be opened again', async () => {
  let isFirst = true;
  const spawnChat = atFirstWords((pid) => isFirst && process.kill(pid, 'SIGKILL'));
  const { services, project, chatId } = await open({ spawnChat });
  const { projectId } = project;
  await ask(services, 'chats.configure', { chatId, changes: { sampling: LONG } });
  await ask(services, 'chats.ask', { chatId, text: QUESTION });
  const answers = (await answered(services, chatId)).turns[0]?.answers ?? [];
  isFirst = false;
  expect(answers.map(({ state }) => state)).toEqual(['failed', 'failed']);
  expect(answers[0]?.problem).toContain('ended by SIGKILL');
  expect(answers.some(({ text }) => text.length > 0)).toBe(true);
  const state = await ask(services, 'playground.get', { projectId });
  expect(state).toMatchObject({ phase: 'closed', closed: { kind: 'crashed' } });
  await expect(ask(services, 'chats.ask', { chatId, text: 'Still there?' })).rejects.toThrow(/No model is open/);
  await openModel(services, projectId);
  expect(await ask(services, 'playground.get', { projectId })).toMatchObject({ phase: 'open', closed: null });
  await ask(services, 'chats.regenerate', { chatId, pane: 0 });
  // Closing ends what is written as if it had been stopped.
  await ask(services, 'playground.close', { projectId });
  expect((await answered(services, chatId)).turns[0]?.answers[0]).toMatchObject({ state: 'stopped', problem: null });
});

test('a run that begins takes the memory and says so; a model that is opened beside it stays', async () => {
  const underWay: { id: number; name: string }[] = [];
  const services = await fakeServices({ cacheDir });
  const project = await makeChatProject(services.store);
  const { projectId } = project;
  vi.spyOn(services.runs, 'underWay', 'get').mockImplementation(() => underWay as never);
  await openModel(services, projectId);
  underWay.push({ id: 3, name: 'KTO 3' });
  services.emit('runs.changed', { projectId });
  expect(await ask(services, 'playground.get', { projectId })).toMatchObject({
    phase: 'closed',
    training: 'KTO 3',
    closed: { kind: 'run', text: 'KTO 3 is being trained and needs the memory, so the model was unloaded.' },
  });
  await openModel(services, projectId);
  services.emit('runs.changed', { projectId });
  expect((await ask(services, 'playground.get', { projectId })).phase).toBe('open');
  underWay.length = 0;
  services.emit('runs.changed', { projectId });
  expect(await ask(services, 'playground.get', { projectId })).toMatchObject({ phase: 'open', training: null });
  // A project that is deleted takes its model out of memory.
  deleteWithFiles(services.store, 'project', projectId);
  services.emit('projects.changed');
  expect(services.playgrounds.of(projectId).isInUse).toBe(false);
});

test('opening is cancelled with nothing left behind, and what can not be opened says why', async () => {
  const services = await fakeServices();
  const { projectId, modelId, loud } = await makeChatProject(services.store);
  const opening = ask(services, 'playground.open', { task: 'slow', projectId, modelId });
  await expect(ask(services, 'playground.open', { task: 'again', projectId, modelId })).rejects.toThrow(/being opened already/);
  expect((await ask(services, 'playground.get', { projectId })).phase).toBe('opening');
  await ask(services, 'tasks.cancel', { id: 'slow' });
  await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
  expect(await ask(services, 'playground.get', { projectId })).toMatchObject({ phase: 'closed', closed: null });
  const cache = join(services.dataDir, 'cache/gguf');
  expect(existsSync(cache) ? (await readdir(cache)).filter((name) => name.endsWith('.gguf')) : []).toEqual([]);

  // An adapter of another model is shown, and can't be talked to beside this one.
  const other = saveModel(services.store, { path: BASE_MODEL, name: 'base', sha256: null, facts: {} });
  const { id: _id, createdAt: _at, ...same } = loud;
  const foreign = saveAdapter(services.store, { ...same, name: 'foreign', path: 'adapters/foreign', modelId: other.id, files: [] });
  expect((await ask(services, 'playground.get', { projectId })).models.map(({ name }) => name)).toEqual(['base', 'starter-model']);
  await ask(services, 'playground.open', { task: 'open', projectId, modelId });
  await expect(ask(services, 'playground.check', { projectId, adapterId: foreign.id })).rejects.toThrow(
    /made for another model than starter-model/,
  );
  const chatId = (await ask(services, 'chats.create', { projectId })).id;
  await ask(services, 'chats.configure', { chatId, changes: { panes: [null, foreign.id] } });
  await expect(ask(services, 'chats.ask', { chatId, text: 'Hi' })).rejects.toThrow(/made for another model/);
  expect((await ask(services, 'chats.get', { chatId })).turns).toEqual([]);
  // Files that are gone fail in their pane only.
  await ask(services, 'chats.configure', { chatId, changes: { panes: [null, loud.id], sampling: { max_new_tokens: 4 } } });
  await rm(join(services.dataDir, loud.path), { recursive: true });
  await ask(services, 'chats.ask', { chatId, text: 'Hi' });
  expect((await answered(services, chatId)).turns[0]?.answers.map(({ state }) => state)).toEqual(['complete', 'failed']);
  await expect(ask(services, 'playground.get', { projectId: 99 })).rejects.toThrow(/no project 99/);
});
