/** @file `prospect engines`: what it asks for, and the table it prints. */
import { expect, test } from 'vitest';
import { ENGINES } from '#engines/engine-name.ts';
import type { EngineRow } from '#contract/engines.ts';
import type { EngineTable } from '#engines/list-engines.ts';
import type { EnginesRequest } from '#cli/host.ts';
import { cli } from '#test/support/fake-cli-host.ts';

const row = (more: Partial<EngineRow>): EngineRow => ({
  engine: 'onnx:cpu',
  title: 'Processor',
  device: null,
  absence: null,
  test: null,
  ...more,
});
const works = { state: 'works', reason: null, backend: 'onnxruntime 1.30.0', gflops: 1234.5, largestError: 2e-6 } as const;

const LIST: EngineTable = {
  cards: [{ name: 'Card X', memoryBytes: 8e9, driver: '1.2' }],
  rows: [
    row({ test: { ...works, engine: 'onnx:cpu', gflops: 4.56, largestError: 0 } }),
    row({ engine: 'onnx:webgpu', title: 'Graphics card', test: { ...works, engine: 'onnx:webgpu' } }),
    row({ engine: 'onnx:dml', absence: 'DirectML is a part of Windows.' }),
    row({ engine: 'tfjs:cpu', test: { ...works, engine: 'tfjs:cpu', state: 'wrong', reason: 'Its gradients differ.', gflops: null } }),
    row({ engine: 'tfjs:wasm' }),
  ],
  fastest: 'onnx:webgpu',
  isOutdated: false,
};

async function run(...args: string[]) {
  const requests: EnginesRequest[] = [];
  const engines = async (request: EnginesRequest) => {
    requests.push(request);
    return LIST;
  };
  return { ...(await cli(['engines', ...args], { engines })), request: requests[0] };
}

test('all engines are tested, and the table says what each is worth', async () => {
  const { exitCode, stdout, request } = await run();
  expect([exitCode, request?.names]).toEqual([0, ENGINES]);
  expect(stdout).toContain('Card X  8.0 GB, driver 1.2');
  expect(stdout).toMatch(/onnx:cpu +Processor: 4\.6 GFLOP\/s; onnxruntime/);
  expect(stdout).toMatch(/onnx:webgpu +Graphics card: 1235 GFLOP\/s, within 2e-6 of the processor/);
  expect(stdout).toMatch(/onnx:dml +Processor: not here\. DirectML/);
  expect(stdout).toMatch(/tfjs:cpu +Processor: gives wrong results\. Its gradients differ\./);
  expect(stdout).toMatch(/tfjs:wasm +Processor: not tested\./);
  expect(stdout).toContain('auto: onnx:webgpu, the fastest that works.');
});

test('one engine may be tested, and the exit code says whether it works', async () => {
  const one = await run('--engine', 'tfjs:cpu');
  expect([one.exitCode, one.request?.names]).toEqual([1, ['tfjs:cpu']]);
  expect((await run('--engine', 'onnx:webgpu')).exitCode).toBe(0);
});

test('nothing is tested with --no-test, and scripts get JSON', async () => {
  const { request, stdout } = await run('--no-test', '--json');
  expect(request?.names).toEqual([]);
  expect(JSON.parse(stdout)).toEqual(LIST);
});

test('a name that is none is refused with the names there are', async () => {
  const { exitCode, stderr } = await run('--engine', 'gpu');
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('There is no engine "gpu". Choose one of auto, onnx:cpu');
});
