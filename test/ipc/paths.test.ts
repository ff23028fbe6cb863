/** @file Every path that a window can name is whole or refused, and no id leads out of its folder; a new one has to be listed here. */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { requests, type RequestName } from '#contract/index.ts';
import { createDispatch } from '#ipc/dispatch.ts';
import { handlers } from '#ipc/handlers.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';

type Make = (path: string) => unknown;
/** Requests that take a path or the id of a file, each with an input that is otherwise right. */
const TAKES: Partial<Record<RequestName, Make>> = {
  'choices.set': (path) => ({ projectId: 1, changes: { modelFolder: path } }),
  'models.inspect': (path) => ({ folder: path }),
  'models.choose': (path) => ({ projectId: 1, folder: path }),
  'models.forget': (path) => ({ folder: path }),
  'runs.create': (path) => ({ projectId: 1, methods: ['kto'], settings: {}, modelFolder: path, data: null }),
  'imports.inspect': (path) => ({ projectId: 1, taskId: 'a', files: [{ path }] }),
  'imports.preview': (path) => ({ files: [{ path }], mapping: { shape: 'example' } }),
  'imports.start': (path) => ({
    projectId: 1,
    taskId: 'a',
    files: [{ path }],
    mapping: { shape: 'example' },
    into: { name: 'x' },
  }),
  'datasets.export': (path) => ({ task: 'a', versionId: 1, path, replace: false }),
  'comparisons.saveReport': (path) => ({ projectId: 1, format: 'html', path }),
  'archives.write': (path) => ({ task: 'a', projectId: 1, path, hasWeights: true, replace: false }),
  'archives.read': (path) => ({ task: 'a', file: { path } }),
  'adapters.import': (folder) => ({ projectId: 1, folder, modelFolder: null, name: null }),
  'runs.import': (folder) => ({ projectId: 1, folder, modelFolder: null, name: null }),
  'exports.plan': (parent) => ({ projectId: 1, adapterId: 1, form: 'adapter', dtype: 'F16', name: 'x', parent }),
  'exports.start': (parent) => ({ task: 'a', projectId: 1, adapterId: 1, form: 'adapter', dtype: 'F16', name: 'x', parent }),
  'files.pickTarget': (path) => ({ fileName: path }),
};
/** Those take the id of an upload, which is looked up in a list. */
const TAKES_ID: Partial<Record<RequestName, Make>> = {
  'archives.read': (upload) => ({ task: 'a', file: { upload } }),
  'files.discardUpload': (upload) => ({ upload }),
  'imports.inspect': (upload) => ({ projectId: 1, taskId: 'a', files: [{ upload }] }),
};
const NOT_A_PATH = /^(deleteFiles|fileIndex)$/;
const TRAVERSALS = ['../../etc/passwd', 'etc/passwd', './x', '..', '~/x', 'file:///etc/passwd', '\\..\\x', '/etc/passwd\0.csv', ''];

let services: FakeServices;
let outside = '';
beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'prospect-outside-'));
  await writeFile(join(outside, 'secret'), 'untouched');
});
afterAll(() => rm(outside, { recursive: true, force: true }));
beforeEach(async () => {
  services = await fakeServices();
});

const send = (name: string, input: unknown) => createDispatch(handlers, services)({ name, input });

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
}

function namesAPath({ properties = {}, anyOf = [], oneOf = [], items }: Schema): boolean {
  const own = Object.entries(properties).some(
    ([key, schema]) => (/path|folder|file|upload|dir|parent/i.test(key) && !NOT_A_PATH.test(key)) || namesAPath(schema),
  );
  return own || [...anyOf, ...oneOf, ...(items ? [items] : [])].some(namesAPath);
}

test('every request that takes a path is tried below', () => {
  const all = Object.entries(requests).filter(([, { input }]) =>
    namesAPath(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Schema),
  );
  expect(all.map(([name]) => name).toSorted()).toEqual([...new Set([...Object.keys(TAKES), ...Object.keys(TAKES_ID)])].toSorted());
});

const cases = Object.entries(TAKES).flatMap(([name, make]) => TRAVERSALS.map((path) => [name, path, make] as const));
test.each(cases)('%s refuses %j', async (name, path, make) => {
  const answer = await send(name, make(path));
  expect(answer).toMatchObject({ ok: false, error: { message: /whole path|zero characters|Give|Choose|path/ } });
  expect(answer.ok ? null : answer.error.code).not.toBe('internal');
});

test.each(Object.entries(TAKES_ID))('%s finds nothing by an id that is a path', async (name, make) => {
  for (const id of [`../${join(outside, 'secret')}`, join(outside, 'secret'), '../prospect.sqlite', '__proto__', 'constructor']) {
    await send(name, make(id));
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('untouched');
    expect(await readdir(services.dataDir)).toContain('prospect.sqlite');
  }
});
