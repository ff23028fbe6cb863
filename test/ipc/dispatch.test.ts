/** @file Whatever a window sends is answered: with what was asked for, or with the reason why not. */
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { ImportError, type AppError } from '#contract/errors.ts';
import { requests, type RequestName } from '#contract/index.ts';
import { createDispatch } from '#ipc/dispatch.ts';
import { handlers, type Handlers } from '#ipc/handlers.ts';
import { listProjects } from '#store/projects.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';

let services: FakeServices;
beforeEach(async () => {
  services = await fakeServices();
});

test('a request is answered by its handler', async () => {
  const dispatch = createDispatch(handlers, services);
  const created = await dispatch({ name: 'projects.create', input: { name: '  Reviews ' } });
  expect(created).toEqual({ ok: true, value: expect.objectContaining({ id: 1, name: 'Reviews' }) });
  expect(await dispatch({ name: 'projects.list' })).toEqual({ ok: true, value: [expect.objectContaining({ name: 'Reviews' })] });
});

test.each([
  ['nothing', undefined],
  ['text', 'projects.list'],
  ['a list', ['projects.list']],
  ['no name', { input: {} }],
  ['a name that is none', { name: 7 }],
  ['a key more', { name: 'projects.list', input: undefined, extra: 1 }],
])('%s is no request', async (_what, message) => {
  expect(await createDispatch(handlers, services)(message)).toMatchObject({
    ok: false,
    error: { code: 'internal', message: /no request/ },
  });
});

test.each(['projects.crate', 'constructor', '__proto__', 'toString', ''])('%j is not known, and the answer says so', async (name) => {
  const answer = await createDispatch(handlers, services)({ name });
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal', details: { name } } });
});

test('a wrong input is refused with the field and the words of the contract, and nothing happens', async () => {
  const dispatch = createDispatch(handlers, services);
  const answer = await dispatch({ name: 'projects.create', input: { name: '   ' } });
  expect(answer).toMatchObject({ ok: false, error: { code: 'settings', details: { field: 'name' } } });
  expect(answer).toMatchObject({ error: { message: /^A project needs a name\. .*projects\.create \(name\)/ } });
  expect(await dispatch({ name: 'projects.create', input: { name: 'two\nlines' } })).toMatchObject({ error: { message: /one line/ } });
  expect(listProjects(services.store)).toEqual([]);
});

const withHandler = <N extends RequestName>(name: N, handler: Handlers[N]): Handlers => ({ ...handlers, [name]: handler });

test('an error that a person can act on arrives as it was thrown, and is not logged', async () => {
  const error: AppError = new ImportError('Row 3 of a.csv has no label.', { file: 'a.csv', row: 3 });
  const dispatch = createDispatch(
    withHandler('projects.list', () => {
      throw error;
    }),
    services,
  );
  expect(await dispatch({ name: 'projects.list' })).toEqual({
    ok: false,
    error: { code: 'import', message: error.message, details: { file: 'a.csv', row: 3 } },
  });
  expect(services.logged).toEqual([]);
});

test('an error that nobody foresaw is logged, and arrives as a bug of Prospect', async () => {
  const dispatch = createDispatch(
    withHandler('projects.list', () => Promise.reject(new TypeError('x is undefined'))),
    services,
  );
  expect(await dispatch({ name: 'projects.list' })).toMatchObject({
    ok: false,
    error: { code: 'internal', message: /TypeError: x is undefined/ },
  });
  expect(services.logged.join()).toContain('x is undefined');
});

test('an answer that is not what the contract says does not leave main', async () => {
  // @ts-expect-error a handler that forgets most of its output does not compile either
  const forgetful: Handlers['projects.list'] = () => [{ id: 1 }];
  const answer = await createDispatch(withHandler('projects.list', forgetful), services)({ name: 'projects.list' });
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal', message: /not what the contract says/ } });
});

test('what the contract does not name is left out of the answer', async () => {
  const project = { id: 1, name: 'a', notes: '', createdAt: 0, updatedAt: 0 };
  const dispatch = createDispatch(
    withHandler('projects.list', () => [Object.assign({ secret: 1 }, project)]),
    services,
  );
  expect(await dispatch({ name: 'projects.list' })).toEqual({ ok: true, value: [project] });
});

test('a request without a handler does not compile', () => {
  const { 'app.getInfo': _left, ...others } = handlers;
  // @ts-expect-error app.getInfo is missing
  const incomplete: Handlers = others;
  expect(Object.keys(incomplete)).not.toContain('app.getInfo');
});

test('every request has a handler, and no handler is without a request', () => {
  expect(Object.keys(handlers).toSorted()).toEqual(Object.keys(requests).toSorted());
});

test('10,000 random messages are each answered with a result, and change nothing that they may not', async () => {
  const dispatch = createDispatch(handlers, { ...services, desktop: { ...services.desktop, pick: () => Promise.resolve([]) } });
  const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...Object.keys(requests)) }, { weight: 1, arbitrary: fc.string() });
  const message = fc.oneof(
    { weight: 4, arbitrary: fc.record({ name, input: fc.anything() }, { requiredKeys: ['name'] }) },
    { weight: 1, arbitrary: fc.anything() },
  );
  await fc.assert(
    fc.asyncProperty(message, async (sent) => {
      const answer = await dispatch(sent);
      if (answer.ok) return true;
      return answer.error.message.length > 10 && answer.error.code !== 'internal' ? true : /request/.test(answer.error.message);
    }),
    { numRuns: 10_000 },
  );
  expect(listProjects(services.store)).toEqual([]);
  expect(services.logged.filter((line) => line.includes('nobody foresaw'))).toEqual([]);
});
