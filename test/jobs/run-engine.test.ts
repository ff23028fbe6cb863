/** @file A run begun with one engine and continued with another: allowed, with a note, and recorded. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EngineError } from '#contract/errors.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { eventsOf, requestFor, runJob, tokenExamples, writeRows } from '#test/support/training-runs.ts';

const SETTINGS = { method: 'kto', per_device_train_batch_size: 4, max_steps: 3, save_steps: 1 };

async function begunRun() {
  const folder = await temporaryFolder();
  const dataFile = await writeRows(folder, tokenExamples(8));
  const outDir = join(folder, 'run');
  const request = requestFor({ dataFile, outDir, settings: SETTINGS });
  await runJob({ ...request, engine: 'tfjs:wasm' }, { stopAt: ({ kind }) => kind === 'checkpoint' });
  return { request, recordFile: join(outDir, 'run.json') };
}

const recordIn = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as { engine: string; backend: string; status: string };

test('a run goes on with the engine it was begun with, without a word', async () => {
  const { request, recordFile } = await begunRun();
  expect(await recordIn(recordFile)).toMatchObject({ engine: 'tfjs:wasm', status: 'stopped' });
  const events = await runJob({ ...request, resume: true });
  expect(eventsOf(events, 'note').filter(({ text }) => text.includes('engine'))).toEqual([]);
  expect(await recordIn(recordFile)).toMatchObject({ engine: 'tfjs:wasm', status: 'finished' });
});

test('another engine may be asked for, and a note says what that means', async () => {
  const { request, recordFile } = await begunRun();
  const events = await runJob({ ...request, resume: true, engine: 'onnx:cpu' });
  expect(
    eventsOf(events, 'note')
      .map(({ text }) => text)
      .join(),
  ).toContain('begun with the engine tfjs:wasm and goes on with onnx:cpu');
  const record = await recordIn(recordFile);
  expect(record).toMatchObject({ engine: 'onnx:cpu', status: 'finished' });
  expect(record.backend).toMatch(/^onnxruntime/);
});

test('an engine that is not here any more is replaced by the processor', async () => {
  const { request, recordFile } = await begunRun();
  const absent = process.platform === 'win32' ? 'onnx:coreml' : 'onnx:dml';
  await writeFile(recordFile, (await readFile(recordFile, 'utf8')).replace('"tfjs:wasm"', `"${absent}"`));
  const events = await runJob({ ...request, resume: true });
  expect(
    eventsOf(events, 'note')
      .map(({ text }) => text)
      .join(),
  ).toContain(`${absent} can't be used here`);
  expect(await recordIn(recordFile)).toMatchObject({ engine: 'onnx:cpu', status: 'finished' });
});

test('a new run with an engine that is not here is refused before anything is written', async () => {
  const folder = await temporaryFolder();
  const dataFile = await writeRows(folder, tokenExamples(8));
  const request = requestFor({ dataFile, outDir: join(folder, 'run'), settings: SETTINGS });
  const absent = process.platform === 'win32' ? 'onnx:coreml' : 'onnx:dml';
  await expect(runJob({ ...request, engine: absent })).rejects.toThrow(EngineError);
  await expect(readFile(join(folder, 'run', 'run.json'))).rejects.toThrow('ENOENT');
});
