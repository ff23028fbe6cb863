/** @file The contract holds what its types promise: names, plain JSON, no request hidden by another, errors that survive the way. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { AppError, ImportError } from '#contract/errors.ts';
import { events, requests, type InputArguments, type RequestOutput } from '#contract/index.ts';
import { Nothing } from '#contract/define.ts';
import { fail, succeed, unwrap } from '#contract/result.ts';

const FOLDER = fileURLToPath(new URL('../../preload/contract', import.meta.url));
const NAME = /^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/;

test('every name is a noun, a dot and a verb', () => {
  expect([...Object.keys(requests), ...Object.keys(events)].filter((name) => !NAME.test(name))).toEqual([]);
});

test('no namespace hides a request or event of another', () => {
  const written = globSync('*.ts', { cwd: FOLDER }).flatMap((file) =>
    [...readFileSync(`${FOLDER}/${file}`, 'utf8').matchAll(/^ {2}'([\w.]+)': (?:request|event)\(/gm)].map(([, name]) => name),
  );
  expect(written.toSorted()).toEqual([...Object.keys(requests), ...Object.keys(events)].toSorted());
});

const schemas = [
  ...Object.entries(requests).flatMap(([name, { input, output }]) => [
    [`${name} input`, input] as const,
    [`${name} output`, output] as const,
  ]),
  ...Object.entries(events).map(([name, { payload }]) => [`${name} payload`, payload] as const),
].filter(([, schema]) => schema !== Nothing);

test.each(schemas)('%s is plain JSON', (_name, schema) => {
  expect(() => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' })).not.toThrow();
});

test('an error comes out as it went in, but for its class', () => {
  const error = new ImportError('Row 214 of prefs.csv has no chosen text.', { file: 'prefs.csv', row: 214, column: 'chosen' });
  const sent: unknown = JSON.parse(JSON.stringify(fail(error)));
  expect(() => unwrap(sent as ReturnType<typeof fail>)).toThrow(
    expect.objectContaining({ code: 'import', message: error.message, details: { file: 'prefs.csv', row: 214, column: 'chosen' } }),
  );
  expect(() => unwrap(fail(error))).toThrow(AppError);
  expect(unwrap(succeed(3))).toBe(3);
});

test('a wrong name or input does not compile', () => {
  const request = <N extends keyof typeof requests>(name: N, ...input: InputArguments<N>): readonly unknown[] => [name, ...input];
  expect(request('projects.create', { name: 'Reviews' })).toHaveLength(2);
  expect(request('app.getInfo')).toHaveLength(1);
  // @ts-expect-error no such request
  request('projects.crate', { name: 'Reviews' });
  // @ts-expect-error the name is text
  request('projects.create', { name: 7 });
  // @ts-expect-error the input is missing
  request('projects.create');
  // @ts-expect-error there is no input
  request('app.getInfo', {});
  const project = { id: 1, name: 'Reviews', notes: '', createdAt: 0, updatedAt: 0 } satisfies RequestOutput<'projects.create'>;
  // @ts-expect-error the id is a number
  const wrong: RequestOutput<'projects.create'> = { ...project, id: 'one' };
  expect(wrong.name).toBe('Reviews');
});
