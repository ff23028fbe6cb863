/** @file A training run on a device that turns out to be too small: it says so once, goes on, and remembers it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { adapterDifference } from '#test/support/adapter-difference.ts';
import { adapterParameters } from '#test/support/adapter-parameters.ts';
import { crampedBackend } from '#test/support/cramped-backend.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { eventsOf, requestFor, runJob, tokenExamples, writeRows } from '#test/support/training-runs.ts';

const settings = { method: 'kto', max_steps: 4, per_device_train_batch_size: 8, save_steps: 2, lora_r: 4, learning_rate: 1e-3 };

/** float32 sums of fewer rows at once, made the most of by AdamW; relative to a tensor's largest value. */
const ADAPTER = 1e-3;

it('goes on in smaller chunks with one line, resumes with them, and ends with the same adapter', async () => {
  const folder = await temporaryFolder();
  const dataFile = await writeRows(folder, tokenExamples(16));
  const whole = requestFor({ dataFile, outDir: join(folder, 'whole'), settings });
  await runJob(whole);

  const outDir = join(folder, 'small');
  const { backend, refused } = crampedBackend(onnxRuntimeBackend({ threads: 1 }), 120_000);
  const open = () => Promise.resolve(backend);
  const request = requestFor({ dataFile, outDir, settings });
  const begun = await runJob(request, { open, stopAt: ({ kind }) => kind === 'checkpoint' });
  const lines = eventsOf(begun, 'warning').filter(({ text }) => text.includes('too little memory'));
  expect(lines.map(({ text }) => text.replace(/\d+/, 'N'))).toEqual([
    'The device had too little memory, so the run goes on with chunks of N tokens. The results are the same.',
  ]);
  const tokens = Number(/\d+/.exec(lines[0]?.text ?? '')?.[0]);
  const record = JSON.parse(await readFile(join(outDir, 'run.json'), 'utf8')) as Record<string, unknown>;
  expect(record).toMatchObject({ smaller_chunk_tokens: tokens, memory_plan: { chunk_tokens: 1024 } });

  const before = refused();
  const resumed = await runJob({ ...request, resume: true }, { open });
  expect(refused()).toBe(before); // it is not tried again
  expect(eventsOf(resumed, 'warning').filter(({ text }) => text.includes('too little memory'))).toEqual([]);
  expect(eventsOf(resumed, 'finished')).toHaveLength(1);
  const parametersOf = async (dir: string) => adapterParameters(await readAdapterFolder(dir));
  expect(adapterDifference(await parametersOf(outDir), await parametersOf(whole.outDir))).toBeLessThan(ADAPTER);
});
