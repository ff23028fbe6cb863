/** @file One JSON line per row, with exactly the documented fields. */
import { expect, test } from 'vitest';
import type { RowScore } from '#jobs/training-request.ts';
import { cli } from '#test/support/fake-cli-host.ts';

const ARGS = ['score', '--model', 'base', '--data', 'rows.jsonl'];

test('examples and pairs are printed in the order of the file', async () => {
  const scores: RowScore[] = [
    { row: 0, logp: -12.34, tokens: 7 },
    { row: 1, chosen: { tokens: 3, logp: -1 }, rejected: { tokens: 4, logp: -2.5 } },
  ];
  const { exitCode, stdout, stderr } = await cli(ARGS, { scores });
  expect(stdout).toBe(
    '{"row":0,"logp":-12.34,"tokens":7}\n{"row":1,"chosen":{"logp":-1,"tokens":3},"rejected":{"logp":-2.5,"tokens":4}}\n',
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('the request has what was asked for', async () => {
  const all = await cli([...ARGS, '--adapter', 'run', '--max-length', '512', '--cache-dir', 'cache']);
  const least = await cli(ARGS, { env: { XDG_CACHE_HOME: '/caches' } });
  expect([...all.host.requests, ...least.host.requests]).toEqual([
    { modelDir: 'base', adapterDir: 'run', dataFile: 'rows.jsonl', maxLength: 512, engine: null, cacheDir: 'cache' },
    { modelDir: 'base', adapterDir: null, dataFile: 'rows.jsonl', maxLength: null, engine: null, cacheDir: '/caches/prospect' },
  ]);
});

test('--max-length none cuts nothing', async () => {
  const { host } = await cli([...ARGS, '--max-length', 'none']);
  expect(host.requests).toMatchObject([{ maxLength: null }]);
});
