/** @file Transactions, their durability, and errors in words. */
import { expect, test } from 'vitest';
import { InternalError, StoreError } from '#contract/errors.ts';
import { createProject, listProjects } from '#store/projects.ts';
import { openSample, sampleStore, storeErrorOf } from './sample-store.ts';

test('a write that throws leaves nothing, and what was thrown comes out', async () => {
  const store = await sampleStore();
  const work = (): void => {
    createProject(store, { name: 'half' });
    throw new RangeError('no');
  };
  expect(() => store.write(work)).toThrow(RangeError);
  expect(listProjects(store)).toEqual([]);
});

test('an inner write that fails and is caught takes only its own changes back', async () => {
  const store = await sampleStore();
  store.write(() => {
    createProject(store, { name: 'kept' });
    expect(() =>
      store.write(() => {
        createProject(store, { name: 'lost' });
        throw new RangeError('no');
      }),
    ).toThrow(RangeError);
  });
  expect(listProjects(store).map(({ name }) => name)).toEqual(['kept']);
});

test('a durable write waits for the disk, also when nested, and ordinary ones do not', async () => {
  const store = await sampleStore();
  const mode = (): unknown => store.pragma('synchronous');
  expect(store.write(mode)).toBe(1);
  expect(store.writeDurably(() => store.writeDurably(mode))).toBe(2);
  expect(() =>
    store.writeDurably(() => {
      throw new RangeError('no');
    }),
  ).toThrow(RangeError);
  expect(store.write(mode)).toBe(1);
  expect(store.pragma('journal_mode')).toBe('wal');
});

test('a durable write inside one that is not is a bug', async () => {
  const store = await sampleStore();
  expect(() => store.write(() => store.writeDurably(() => 1))).toThrow(InternalError);
  expect(store.pragma('synchronous')).toBe(1);
});

test.each([
  ['INSERT INTO settings VALUES (?, NULL)', 'conflict', 'contradicts what is in the store'],
  ["INSERT INTO datasets (project_id, name, kind, created_at) VALUES (99, ?, 'pair', 0)", 'not-found', 'deleted meanwhile'],
])('%s is refused in words', async (sql, reason, words) => {
  const store = await sampleStore();
  const error = storeErrorOf(() => store.run(sql, ['x']));
  expect(error.reason).toBe(reason);
  expect(error.message).toContain(words);
});

test('a full store says that nothing was changed', async () => {
  const store = await sampleStore();
  createProject(store, { name: 'first' });
  store.pragma(`max_page_count = ${String(store.pragma('page_count'))}`);
  const error = storeErrorOf(() => createProject(store, { name: 'x'.repeat(1e6) }));
  expect(error).toMatchObject({ code: 'store', reason: 'disk', choices: ['free-space'] });
  expect(error.message).toContain('Nothing was changed');
  expect(listProjects(store).map(({ name }) => name)).toEqual(['first']);
});

test('wrong SQL is a bug of Prospect, not a matter for the person', async () => {
  const store = await sampleStore();
  expect(() => store.get('SELECT nothing FROM nowhere')).toThrow(InternalError);
});

test('closing twice does no harm, and everything is in the one file then', async () => {
  const store = await sampleStore();
  createProject(store, { name: 'here' });
  store.close();
  store.close();
  const again = openSample(store.folder.root);
  expect(listProjects(again).map(({ name }) => name)).toEqual(['here']);
  expect(() => store.get('SELECT 1')).toThrow('The store is closed.');
});

test('names and texts may hold anything but a NUL', async () => {
  const store = await sampleStore();
  const names = [`'; DROP TABLE projects; --`, '" ` \\ % _ ? :name', '👩‍👩‍👧 \u202e right to left', ' \n\t ', 'é', 'e\u0301', 'x'.repeat(10e6)];
  for (const name of names) createProject(store, { name });
  const found = new Set(listProjects(store).map(({ name }) => name));
  expect(found).toEqual(new Set(names));
  expect(() => createProject(store, { name: names[0] ?? '' })).toThrow(StoreError);
});
