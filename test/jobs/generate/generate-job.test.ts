/** @file Answers of a model from its folder: the same as the golden ones of Transformers, with and without an adapter. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FormatError, ImportError, SettingsError } from '#contract/errors.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { generateJob } from '#jobs/generate/generate-job.ts';
import type { GenerateEvent, GenerateRequest } from '#jobs/generate/generate-request.ts';
import { chatModel } from '#test/support/chat-model.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';

const ADAPTER = join(BASE_MODEL, '../kto_default/adapter_final');
const SAMPLING = { ...DEFAULT_SAMPLING, maxNewTokens: 6 };

let folder: string;
let file: string;
let modelDir: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  modelDir = await chatModel();
  file = join(folder, 'prompts.jsonl');
  await writeFile(file, '{"prompt":"Hi"}\n{"prompt_ids":[1,2,3]}\n{"messages":[{"role":"user","content":"Yes?"}]}\n');
});

async function run(more: Partial<GenerateRequest> = {}): Promise<GenerateEvent[]> {
  const events: GenerateEvent[] = [];
  const request = {
    modelDir,
    adapterDir: null,
    prompts: { file },
    sampling: SAMPLING,
    seed: 1,
    cacheDir: join(folder, 'cache'),
  };
  for await (const event of generateJob({ ...request, ...more }, { signal: new AbortController().signal })) events.push(event);
  return events;
}

const answers = (events: readonly GenerateEvent[]) =>
  events.filter((event) => event.kind === 'answer').toSorted((a, b) => a.prompt - b.prompt);

describe('generateJob', () => {
  it('answers prompts of every form, telling the text as it comes', async () => {
    const events = await run();
    const all = answers(events);
    expect(all.map(({ promptValue }) => promptValue)).toEqual(['Hi', [1, 2, 3], [{ role: 'user', content: 'Yes?' }]]);
    for (const { prompt, answer, tokens } of all) {
      const pieces = events.flatMap((event) => (event.kind === 'text' && event.prompt === prompt ? [event.text] : []));
      expect(pieces.join('')).toBe(answer);
      expect(tokens).toBeLessThanOrEqual(6);
    }
  });

  it('follows from the seed', async () => {
    const first = answers(await run());
    expect(answers(await run())).toEqual(first);
    expect(answers(await run({ seed: 2 }))).not.toEqual(first);
  });

  it('changes with the adapter', async () => {
    const hot = { ...SAMPLING, maxNewTokens: 24 };
    expect(answers(await run({ adapterDir: ADAPTER, sampling: hot }))).not.toEqual(answers(await run({ sampling: hot })));
  });

  it('refuses what cannot be answered, before anything is computed', async () => {
    await writeFile(join(folder, 'bad.jsonl'), '{"prompt":"fine"}\n{"question":"?"}\n');
    await expect(run({ prompts: { file: join(folder, 'bad.jsonl') } })).rejects.toThrow(ImportError);
    await expect(run({ sampling: { ...SAMPLING, temperature: 0 } })).rejects.toThrow(SettingsError);
    await expect(run({ prompts: [{ form: 'text', text: 'x'.repeat(5000) }] })).rejects.toThrow(/Prompt 1 of --prompt has \d+ tokens/);
    await expect(run({ prompts: [{ form: 'tokens', ids: Int32Array.of(99_999) }] })).rejects.toThrow(FormatError);
  });
});
