/** @file What computes a run: chosen before it begins, recorded when it does, and changed when it is resumed. */
import { expect, test } from 'vitest';
import type { EngineName } from '#contract/engines.ts';
import { describeRunFully } from '#runs/describe-run.ts';
import { setEngineChoice } from '#setup/engine-choice.ts';
import { getRun } from '#store/runs.ts';
import { openWorld, type RunsWorld } from './support.ts';

const computesOn = async (world: RunsWorld, id: number) => (await describeRunFully(world.store, getRun(world.store, id)!, null)).computesOn;

/** Whichever this machine has not. */
const ABSENT: EngineName = process.platform === 'win32' ? 'onnx:coreml' : 'onnx:dml';

test('a run computes on what was chosen when it was put into the queue, and says what that is', async () => {
  const world = await openWorld();
  setEngineChoice(world.store, 'tfjs:wasm');
  const [first, second] = [...(await world.runs.create(world.request())), ...(await world.runs.create(world.request()))];
  setEngineChoice(world.store, 'onnx:cpu');
  expect(await computesOn(world, second!.id)).toMatchObject({ engine: 'tfjs:wasm', title: 'Processor through WebAssembly', backend: null });
  await world.until(first!.id, 'completed');
  expect(await computesOn(world, first!.id)).toMatchObject({
    engine: 'tfjs:wasm',
    title: 'Processor through WebAssembly',
    device: expect.stringMatching(/threads?$/),
    backend: expect.stringMatching(/^tfjs /),
  });
  await world.until(second!.id, 'completed');
  expect((await computesOn(world, second!.id)).engine).toBe('tfjs:wasm');
});

test('where nothing was chosen or tested the processor computes, and the run says so when it begins', async () => {
  const world = await openWorld();
  const [run] = await world.runs.create(world.request());
  await world.until(run!.id, 'completed');
  expect(getRun(world.store, run!.id)?.engine).toBe('onnx:cpu');
  expect(world.told.flatMap(({ lines }) => lines).map(({ text }) => text)).toContainEqual(
    expect.stringContaining('computed with onnx:cpu on '),
  );
});

test('a resumed run goes on with its engine, or with the one that is named now, and a note says so', async () => {
  const world = await openWorld();
  setEngineChoice(world.store, 'tfjs:wasm');
  const [run] = await world.runs.create(world.request());
  world.onTold = ({ steps }) => {
    if (steps.some(({ step }) => step >= 2) && world.status(run!.id) === 'running') world.runs.stop(run!.id);
  };
  await world.until(run!.id, 'stopped');
  world.onTold = () => undefined;
  setEngineChoice(world.store, 'onnx:cpu');
  world.runs.resume(run!.id);
  await world.until(run!.id, 'completed');
  expect(await computesOn(world, run!.id)).toMatchObject({ engine: 'onnx:cpu' });
  const said = world.told.flatMap(({ lines }) => lines).map(({ text }) => text);
  expect(said).toContainEqual(expect.stringContaining('begun with the engine tfjs:wasm and goes on with onnx:cpu'));
});

test('a run whose engine is not here fails with what to do', async () => {
  const world = await openWorld();
  setEngineChoice(world.store, ABSENT);
  const [run] = await world.runs.create(world.request());
  const failed = await world.until(run!.id, 'failed');
  const { problem } = await describeRunFully(world.store, failed, null);
  expect(problem).toMatchObject({ code: 'engine', title: 'What computes is not there' });
  expect(problem?.advice.join()).toContain('Choose another engine in Preferences');
});
