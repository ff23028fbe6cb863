/** @file A tiny model from a handful of conversations: it learns, is the same to the byte every time, and is a model like any other. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FormatError, ImportError, OutputBusyError, SettingsError } from '#contract/errors.ts';
import { chatPrompt } from '#engine/generate/parse-prompt.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { Answerer } from '#jobs/generate/answerer.ts';
import { openModel } from '#jobs/open-model.ts';
import { pretrainJob } from '#jobs/pretrain/pretrain-job.ts';
import type { PretrainJobEvent, PretrainRequest } from '#jobs/pretrain/pretrain-request.ts';
import { generateCorpus } from '#starter/corpus.ts';
import { jsonLines } from '#starter/json-lines.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const MODEL = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  vocab_size: 300,
  hidden_size: 32,
  intermediate_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  max_position_embeddings: 256,
  tie_word_embeddings: true,
};
const TRAINING = {
  max_steps: 24,
  context_length: 128,
  per_device_train_batch_size: 2,
  learning_rate: 1e-2,
  warmup_steps: 3,
  weight_decay: 0.1,
  seed: 7,
  logging_steps: 5,
  eval_steps: 12,
  save_steps: 10,
};

let folder: string;
let request: (name: string, more?: Partial<PretrainRequest>) => PretrainRequest;
let whole: PretrainJobEvent[];

beforeAll(async () => {
  folder = await temporaryFolder();
  const [configFile, dataFile, evalDataFile] = ['recipe.json', 'texts.jsonl', 'held-out.jsonl'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(configFile, JSON.stringify({ model: MODEL, training: TRAINING }));
  await writeFile(dataFile, [...jsonLines(generateCorpus({ seed: 1, documents: 60 }))].join(''));
  await writeFile(evalDataFile, [...jsonLines(generateCorpus({ seed: 1, documents: 6, split: 'validation' }))].join(''));
  request = (name, more = {}) => ({ configFile, dataFile, evalDataFile, outDir: join(folder, name), resume: false, threads: 1, ...more });
  whole = await run(request('whole'));
}, 60_000);

async function run(asked: PretrainRequest, stopAt: (event: PretrainJobEvent) => boolean = () => false): Promise<PretrainJobEvent[]> {
  const stop = new AbortController();
  const events: PretrainJobEvent[] = [];
  for await (const event of pretrainJob(asked, { signal: stop.signal })) {
    events.push(event);
    if (stopAt(event)) stop.abort();
  }
  return events;
}

const bytesOf = (name: string, file: string) => readFile(join(folder, name, file), 'hex');
const stepOf = (event: PretrainJobEvent) => (event.kind === 'progress' && event.phase === 'Pretraining' ? event.done : null);

async function modelOf(name: string): Promise<Record<string, string>> {
  const files = ['model.safetensors', 'tokenizer.json', 'config.json', 'metrics.jsonl', 'pretrain.json'];
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await bytesOf(name, file)] as const)));
}

describe('pretraining', () => {
  it('learns', async () => {
    const lines = (await readFile(join(folder, 'whole/metrics.jsonl'), 'utf8')).trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as Record<string, number>);
    const losses = entries.flatMap(({ loss }) => loss ?? []);
    expect(losses).toHaveLength(5);
    expect(losses[0]).toBeLessThan(Math.log(300) + 0.3);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) - 1.2);
    const evaluated = entries.flatMap(({ eval_loss: loss }) => loss ?? []);
    expect(evaluated).toHaveLength(2);
    expect(evaluated[1]).toBeLessThan(evaluated[0] ?? 0);
  });

  it('tells what it is about to do and what came of it', () => {
    const plan = whole.find(({ kind }) => kind === 'plan');
    expect(plan).toMatchObject({ documents: 60, evalDocuments: 6, vocabSize: 300, steps: 24, stepsDone: 0 });
    expect(whole.at(-1)).toMatchObject({ kind: 'finished', step: 24, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  });

  it('gives the same bytes again, on other numbers of threads too', async () => {
    await run(request('again', { threads: 2 }));
    expect(await modelOf('again')).toEqual(await modelOf('whole'));
  });

  it.each([1, 10, 13])('gives the same bytes when it is stopped after step %i and resumed', async (step) => {
    const name = `stopped-${step}`;
    const stopped = await run(request(name), (event) => stepOf(event) === step);
    expect(stopped.at(-1)).toMatchObject({ kind: 'stopped', step });
    await run(request(name, { resume: true }));
    expect(await modelOf(name)).toEqual(await modelOf('whole'));
  });

  it('evaluates what it was stopped before evaluating', async () => {
    await run(request('unevaluated'), (event) => event.kind === 'progress' && event.phase === 'Evaluating');
    await run(request('unevaluated', { resume: true }));
    expect(await modelOf('unevaluated')).toEqual(await modelOf('whole'));
  });

  it('leaves a model that opens and answers, and no checkpoints', async () => {
    expect((await readdir(join(folder, 'whole'))).toSorted()).toEqual([
      'config.json',
      'generation_config.json',
      'metrics.jsonl',
      'model.safetensors',
      'pretrain.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const model = await openModel(join(folder, 'whole'), { cacheDir: join(folder, 'cache') });
    const answerer = await Answerer.open(onnxRuntimeBackend({ threads: 1 }), model, []);
    const options = { adapter: null, sampling: { ...DEFAULT_SAMPLING, maxNewTokens: 12 }, seed: 1, source: 'test' };
    const [answer] = await answerer.answers([chatPrompt('Hello?')], options);
    expect(answer?.ids.length).toBeGreaterThan(0);
    expect(answer).toEqual((await answerer.answers([chatPrompt('Hello?')], options))[0]);
    await answerer.release();
  });
});

describe('pretraining refuses', () => {
  async function recipe(content: unknown): Promise<PretrainRequest> {
    const configFile = join(await temporaryFolder(), 'recipe.json');
    await writeFile(configFile, JSON.stringify(content));
    return request('refused', { configFile });
  }

  it('a recipe that is none', async () => {
    await expect(run(await recipe({ model: MODEL }))).rejects.toThrow(SettingsError);
    await expect(run(await recipe({ model: MODEL, training: { ...TRAINING, max_steps: 0 } }))).rejects.toThrow(
      /training\.max_steps` is wrong/,
    );
    await expect(run(await recipe({ model: MODEL, training: { ...TRAINING, steps: 5 } }))).rejects.toThrow(
      /training\.steps` is not a setting of pretraining/,
    );
    await expect(run(await recipe({ model: { model_type: 'llama' }, training: TRAINING }))).rejects.toThrow(FormatError);
    await expect(run(await recipe({ model: { ...MODEL, vocab_size: 100 }, training: TRAINING }))).rejects.toThrow(/vocab_size must be/);
  });

  it('records without text', async () => {
    const dataFile = join(await temporaryFolder(), 'texts.jsonl');
    await writeFile(dataFile, '{"text":"fine"}\n{"title":"not a text"}\n');
    await expect(run(request('refused', { dataFile }))).rejects.toThrow(ImportError);
    await expect(run(request('refused', { dataFile }))).rejects.toThrow(/Row 2 of texts\.jsonl has no `messages` and no `text`/);
  });

  it('a folder with another run, and to resume with other settings', async () => {
    await expect(run(request('whole'))).rejects.toThrow(OutputBusyError);
    const other = await recipe({ model: MODEL, training: { ...TRAINING, seed: 8 } });
    await run(request('other'), (event) => stepOf(event) === 2);
    await expect(run({ ...other, outDir: join(folder, 'other'), resume: true })).rejects.toThrow(/made with other settings or texts/);
  });

  it('leaves nothing behind', async () => {
    expect(await readdir(folder)).not.toContain('refused');
  });
});
