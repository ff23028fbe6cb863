/** @file Blind votes through the contract: sides that say nothing, tallies, and votes that become rows. The processes that answer are made up. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Voting } from '#contract/comparisons.ts';
import type { InputArguments, RequestName, RequestOutput } from '#contract/index.ts';
import type { SpawnInquiry } from '#inquiries/ask-inquiry.ts';
import { createDataset } from '#store/datasets.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { ask as askMain } from '#test/support/ask.ts';
import { makeComparedProject, type ComparedProject } from '#test/support/compared-runs.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';

interface Opened extends ComparedProject {
  readonly services: FakeServices;
  readonly ask: <N extends RequestName>(name: N, ...input: InputArguments<N>) => Promise<RequestOutput<N>>;
  readonly contest: { readonly projectId: number; readonly firstId: number; readonly secondId: number };
}

/** The places of prompts in the whole list, as processes were told. */
let places: (readonly number[])[] = [];

/** Answers `KTO to Question 8?`, but the last prompt alike. */
const answering: SpawnInquiry = () => {
  const listeners: ((message: unknown) => void)[] = [];
  const tell = (message: unknown): void => queueMicrotask(() => listeners.forEach((listener) => listener(message)));
  return {
    pid: 1,
    send({ question }) {
      if (question.kind !== 'answer') throw new Error(`${question.kind} was not expected.`);
      const { adapterDir, promptsFile } = question.request;
      places.push(question.request.places);
      const who = adapterDir === null ? 'base' : adapterDir.endsWith('kto') ? 'KTO' : 'DPO';
      const prompts = readFileSync(promptsFile, 'utf8').trim().split('\n');
      const answers = prompts.map((line) => {
        const { prompt } = JSON.parse(line) as { prompt: string };
        return { text: prompt.includes('11') ? 'the same' : `${who} to ${prompt.trim()}`, tokens: 4, isWhole: true };
      });
      tell({ type: 'answer', answer: answers });
    },
    onMessage(listener) {
      listeners.push(listener);
      tell({ type: 'ready' });
    },
    onExit: () => undefined,
    kill: () => undefined,
  };
};

/** Four prompts are answered: three differently. */
async function open(): Promise<Opened> {
  const services = await fakeServices({ spawnInquiry: answering });
  const project = await makeComparedProject(services.store, true);
  const { projectId, ktoId, dpoId } = project;
  await askMain(services, 'comparisons.answer', { task: `answers-${projectId}`, projectId });
  return {
    ...project,
    services,
    ask: (name, ...input) => askMain(services, name, ...input),
    contest: { projectId, firstId: ktoId, secondId: dpoId },
  };
}

/** Votes for a method, blind as it is: the test looks whose answer stands where. */
async function voteFor({ ask, contest }: Opened, method: 'KTO' | 'DPO' | null): Promise<Voting> {
  const { open: ballot } = await ask('comparisons.getVoting', { ...contest, reveal: false });
  if (!ballot) throw new Error('Nothing is open.');
  const choice = method === null ? 'equal' : ballot.left.startsWith(method) ? 'left' : 'right';
  return ask('comparisons.vote', { ...contest, key: ballot.key, choice });
}

test('names are hidden until every prompt was voted on, and the tally says what is noise', async () => {
  const opened = await open();
  const { ask, contest, ktoId, dpoId, projectId } = opened;
  const first = await ask('comparisons.getVoting', { ...contest, reveal: false });
  expect(first).toMatchObject({ voted: 0, total: 3, alike: 1, canTakeBack: false, tally: null, open: { prompt: 'Question 8? ' } });
  expect(Object.keys(first.open ?? {}).toSorted()).toEqual(['key', 'left', 'prompt', 'right']);
  expect([first.open?.left, first.open?.right].toSorted()).toEqual(['DPO to Question 8?', 'KTO to Question 8?']);
  // Named the other way round it is the same contest, with the same sides.
  expect(await ask('comparisons.getVoting', { projectId, firstId: dpoId, secondId: ktoId, reveal: false })).toEqual(first);

  expect(await voteFor(opened, 'DPO')).toMatchObject({ voted: 1, canTakeBack: true, tally: null, open: { prompt: 'Question 9? ' } });
  expect(await ask('comparisons.takeBack', contest)).toEqual(first);
  await voteFor(opened, 'KTO');
  await voteFor(opened, null);
  expect(await ask('comparisons.getVoting', { ...contest, reveal: true })).toMatchObject({
    tally: { firstWins: 1, secondWins: 0, equal: 1 },
  });
  const end = await voteFor(opened, 'KTO');
  expect(end).toMatchObject({ open: null, voted: 3, tally: { firstWins: 2, secondWins: 0, equal: 1, unsaved: { pair: 2, example: 2 } } });
  expect(end.tally?.text).toBe(
    'KTO 1 won twice, DPO 1 won never, and once they were equal. Of the 2 votes that decided, 100.0\u00a0% (34.2–100.0) went to KTO 1: within noise, since the 95 % interval holds 50 %. Vote on more prompts to know.',
  );
  await expect(ask('comparisons.vote', { ...contest, key: 'gone', choice: 'left' })).rejects.toThrow(/not compared any more/);
});

test('sides are as good as chance, and the base model is a rival like any other', async () => {
  const { ask, projectId, ktoId, contest } = await open();
  const withBase = { projectId, firstId: ktoId, secondId: null };
  const lefts: string[] = [];
  for (const asked of [contest, withBase]) {
    for (;;) {
      const { open: ballot } = await ask('comparisons.getVoting', { ...asked, reveal: false });
      if (!ballot) break;
      lefts.push(ballot.left.slice(0, 4));
      await ask('comparisons.vote', { ...asked, key: ballot.key, choice: 'left' });
    }
  }
  expect(lefts).toHaveLength(6);
  expect(new Set(lefts).size).toBeGreaterThan(1);
  const { tally } = await ask('comparisons.getVoting', { ...withBase, reveal: false });
  expect(tally?.text).toMatch(/^KTO 1 won .* the base model won /);
  expect(await ask('comparisons.get', { projectId })).toBeTruthy();
});

test('votes with a better answer become pairs or examples, once each', async () => {
  const opened = await open();
  const { ask, services, contest, projectId } = opened;
  await voteFor(opened, 'KTO');
  await voteFor(opened, null);
  const saved = await ask('comparisons.saveVotes', { ...contest, kind: 'pair', name: 'Blind votes' });
  expect(saved).toMatchObject({ rows: 1, version: { number: 1, rowCount: 1, origin: 'From a blind vote.' } });
  const { rows } = await ask('datasets.readRows', { versionId: saved.version.id, from: 0, count: 9 });
  expect(rows).toMatchObject([{ prompt: 'Question 8? ', completion: 'KTO to Question 8?', rejected: 'DPO to Question 8?' }]);
  expect(services.told).toContainEqual({ name: 'datasets.changed', payload: { projectId } });
  await expect(ask('comparisons.saveVotes', { ...contest, kind: 'pair', name: 'Blind votes' })).rejects.toThrow(/is a row already/);

  await voteFor(opened, 'DPO');
  const more = await ask('comparisons.saveVotes', { ...contest, kind: 'pair', name: 'Blind votes' });
  expect(more).toMatchObject({ rows: 1, version: { number: 2, rowCount: 2 } });
  // What became a row is not taken back.
  expect((await ask('comparisons.getVoting', { ...contest, reveal: false })).canTakeBack).toBe(false);
  const examples = await ask('comparisons.saveVotes', { ...contest, kind: 'example', name: 'Rated answers' });
  expect(examples).toMatchObject({ rows: 4, version: { rowCount: 4, desirableCount: 2, undesirableCount: 2 } });

  // A dataset that is gone holds none, so that its votes can be saved again.
  deleteWithFiles(services.store, 'dataset', saved.version.datasetId);
  const { id } = createDataset(services.store, { projectId, name: 'Taken', kind: 'example' });
  expect(id).toBeGreaterThan(0);
  await expect(ask('comparisons.saveVotes', { ...contest, kind: 'pair', name: 'Taken' })).rejects.toThrow(/“Taken” holds examples/);
  expect(await ask('comparisons.saveVotes', { ...contest, kind: 'pair', name: 'Again' })).toMatchObject({ rows: 2 });
});

test('more prompts can be drawn; those that were answered are not asked again, and keep their places', async () => {
  const { ask, projectId } = await open();
  await ask('comparisons.choose', { projectId, changes: { settings: { seed: 1, prompts: 1 } } });
  places = [];
  const first = await ask('comparisons.answer', { task: 'first', projectId });
  await ask('comparisons.choose', { projectId, changes: { settings: { prompts: 3 } } });
  expect(await ask('comparisons.listAnswers', { projectId })).toMatchObject({ missing: 6, more: 1 });
  const more = await ask('comparisons.answer', { task: 'more', projectId });
  expect(places).toEqual([[0], [0], [0], [1, 2], [1, 2], [1, 2]]);
  expect(more.prompts[0]).toEqual(first.prompts[0]);
});

test('the project’s own probe prompts are asked first, in the form of the rows', async () => {
  const { ask, projectId } = await open();
  const own = 'What is a good review?';
  await ask('choices.set', { projectId, changes: { probePrompts: [own] } });
  // Others keep their answers.
  expect(await ask('comparisons.listAnswers', { projectId })).toMatchObject({
    missing: 3,
    prompts: [{ prompt: own }, { prompt: 'Question 8? ' }, {}, {}, {}],
  });
  const { prompts } = await ask('comparisons.answer', { task: 'own', projectId });
  expect(prompts[0]).toMatchObject({ base: { text: `base to ${own}` }, runs: [{ text: `KTO to ${own}` }, { text: `DPO to ${own}` }] });
});

test('votes go with their runs', async () => {
  const opened = await open();
  await voteFor(opened, 'KTO');
  deleteWithFiles(opened.services.store, 'run', opened.dpoId);
  expect(opened.services.store.all('SELECT 1 FROM blind_votes')).toEqual([]);
});
