/** @file Probe prompts are answered before training and at each evaluation, the same whether a run was interrupted or not. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ImportError } from '#contract/errors.ts';
import type { JobEvent, TrainingRequest } from '#jobs/training-request.ts';
import { chatModel } from '#test/support/chat-model.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { eventsOf, outcomeOf, requestFor, runJob, tokenExamples, writeRows } from '#test/support/training-runs.ts';

const SETTINGS = {
  method: 'kto',
  per_device_train_batch_size: 2,
  per_device_eval_batch_size: 2,
  max_steps: 4,
  learning_rate: 1e-2,
  lora_r: 4,
  eval_ratio: 0.25,
  eval_steps: 2,
  save_steps: 2,
  logging_steps: 1,
};
const PROMPTS = ['{"prompt":"Hi"}', '{"messages":[{"role":"user","content":"Yes?"},{"role":"assistant","content":"No."}]}'];

let folder: string;
let request: (name: string, more?: Partial<TrainingRequest>) => TrainingRequest;
let whole: JobEvent[];

const samples = async (name: string) => readFile(join(folder, name, 'samples.jsonl'), 'utf8');

beforeAll(async () => {
  folder = await temporaryFolder();
  const dataFile = await writeRows(folder, tokenExamples(16));
  const probePromptsFile = join(folder, 'prompts.jsonl');
  await writeFile(probePromptsFile, PROMPTS.join('\n'));
  const modelDir = await chatModel();
  request = (name, more = {}) =>
    requestFor({ modelDir, dataFile, outDir: join(folder, name), settings: SETTINGS, probePromptsFile, ...more });
  whole = await runJob(request('whole'));
});

describe('probe samples', () => {
  it('are taken before training and at each evaluation, told and written down', async () => {
    const told = eventsOf(whole, 'sample');
    expect(told.map(({ step, prompt }) => [step, prompt])).toEqual(
      [0, 2, 4].flatMap((step) => [
        [step, 'Hi'],
        [step, 'Yes?'],
      ]),
    );
    const lines = (await samples('whole')).trim().split('\n');
    const written = lines.map((line) => JSON.parse(line) as { step: number; index: number; prompt: string; answer: string });
    expect(written.map(({ step, prompt, answer }) => ({ kind: 'sample', step, prompt, answer }))).toEqual(told);
    expect(written.map(({ index }) => index)).toEqual([0, 1, 0, 1, 0, 1]);
    expect(JSON.parse(await readFile(join(folder, 'whole/run.json'), 'utf8'))).toMatchObject({
      probe_prompts: { file: join(folder, 'prompts.jsonl') },
    });
  });

  it('do not change what is trained', async () => {
    await runJob(request('without', { probePromptsFile: null }));
    expect(await outcomeOf(join(folder, 'without'))).toEqual(await outcomeOf(join(folder, 'whole')));
  });

  it.each(['step 0', 'step 2'])('of %s that were interrupted are taken again', async (where) => {
    const name = where.replace(' ', '-');
    const step = Number(where.slice(5));
    await runJob(request(name), {
      stopAt: (event) => (step === 0 ? event.kind === 'plan' : event.kind === 'evaluation' && event.entry['step'] === step),
    });
    expect((await samples(name)).split('\n')).toHaveLength(step + 1);
    await runJob(request(name, { resume: true, probePromptsFile: null }));
    expect(await samples(name)).toBe(await samples('whole'));
  });

  it('are taken at checkpoints where nothing is evaluated', async () => {
    const events = await runJob(request('unevaluated', { settings: { ...SETTINGS, eval_ratio: 0 } }));
    expect(new Set(eventsOf(events, 'sample').map(({ step }) => step))).toEqual(new Set([0, 2, 4]));
  });

  it('are refused before anything is written, if the model cannot read them', async () => {
    const probePromptsFile = join(folder, 'long.jsonl');
    await writeFile(probePromptsFile, JSON.stringify({ prompt: 'x'.repeat(5000) }));
    await expect(runJob(request('long', { probePromptsFile }))).rejects.toThrow(/Prompt 1 of long\.jsonl has \d+ tokens/);
    expect(await readdir(folder)).not.toContain('long');
  });

  it('are few', async () => {
    const probePromptsFile = join(folder, 'many.jsonl');
    await writeFile(probePromptsFile, Array.from({ length: 21 }, () => '{"prompt":"Hi"}').join('\n'));
    await expect(runJob(request('many', { probePromptsFile }))).rejects.toThrow(ImportError);
    await expect(runJob(request('many', { probePromptsFile }))).rejects.toThrow(/many\.jsonl has more than 20 prompts/);
  });
});
