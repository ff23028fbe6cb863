/** @file Questions asked of processes of their own, on the real program and a tiny model. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CancelledError } from '#contract/errors.ts';
import { askInquiry, type SpawnInquiry } from '#inquiries/ask-inquiry.ts';
import { forkChild } from '#processes/fork-child.ts';
import type { ToInquiry } from '#inquiries/inquiry-messages.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL, tokenExamples, tokenPairs, writeRows } from '#test/support/training-runs.ts';

const PROGRAM = join(import.meta.dirname, '../../main/inquiries/worker.ts');

let folder = '';
let output: string[] = [];
const spawn: SpawnInquiry = () => forkChild<ToInquiry>(PROGRAM, (text) => output.push(text))();
beforeAll(async () => {
  folder = await temporaryFolder();
});

describe('a process that answers', () => {
  test('says what a model is', async () => {
    output = [];
    expect(await askInquiry(spawn, { kind: 'model', dir: BASE_MODEL })).toMatchObject({ problem: null, architecture: 'LlamaForCausalLM' });
    expect(output).toEqual([]);
  });

  test('counts lengths under the real tokenizer, with progress, and tells which rows it could not count', async () => {
    const rows = [
      { prompt: 'ab', completion: 'cde', label: true },
      { prompt: 'abcd', completion: 'c', label: false },
      { prompt_ids: [9999], completion_ids: [1], label: true },
      { prompt: 'no completion', label: true },
    ];
    const dataFile = await writeRows(folder, rows, 'texts.jsonl');
    const told: [number, number | null][] = [];
    const lengths = await askInquiry(
      spawn,
      { kind: 'lengths', request: { modelDir: BASE_MODEL, dataFile } },
      { onProgress: ({ done, total }) => told.push([done, total]) },
    );
    // A byte a token, one at the beginning and one at the end.
    expect(lengths).toMatchObject({
      rows: 4,
      promptCounts: [
        [3, 1],
        [5, 1],
      ],
      sequenceCounts: [[7, 2]],
      uncounted: 2,
    });
    expect(lengths.firstProblem).toMatch(/Row 4 of texts\.jsonl/);
    expect(lengths.sequence.max).toBe(7);
    expect(told.at(-1)).toEqual([3, 3]);
  });

  test('of a pair the longer answer counts', async () => {
    const dataFile = await writeRows(folder, tokenPairs(4), 'pairs.jsonl');
    const { sequenceCounts } = await askInquiry(spawn, { kind: 'lengths', request: { modelDir: BASE_MODEL, dataFile } });
    expect(sequenceCounts).toEqual([
      [6, 2],
      [7, 2],
    ]);
  });

  test('plans a run, with a dry run of a step', async () => {
    const dataFile = await writeRows(folder, tokenExamples(12), 'examples.jsonl');
    const settings = { per_device_train_batch_size: 4, max_steps: 5 };
    const report = await askInquiry(spawn, {
      kind: 'plan',
      request: {
        modelDir: BASE_MODEL,
        dataFile,
        settings,
        adapterInitDir: null,
        cacheDir: join(folder, 'cache'),
        memoryBudgetBytes: null,
        dryRun: true,
        badRows: 'stop',
      },
    });
    expect(report).toMatchObject({ method: 'kto', steps: 5, trainRows: 12, fits: true });
    expect(report.time?.secondsTotal).toBeGreaterThan(0);
  });

  test('fails with the words and code of what went wrong', async () => {
    await expect(askInquiry(spawn, { kind: 'model', dir: folder })).rejects.toMatchObject({ code: 'format', message: /config\.json/ });
  });

  test('is killed when the answer is not wanted any more', async () => {
    const stop = new AbortController();
    let killed = false;
    const asked = askInquiry(
      () => {
        const child = spawn();
        child.onExit(() => (killed = true));
        return child;
      },
      { kind: 'model', dir: BASE_MODEL },
      { signal: stop.signal },
    );
    stop.abort();
    await expect(asked).rejects.toBeInstanceOf(CancelledError);
    await expect.poll(() => killed).toBe(true);
    await expect(askInquiry(spawn, { kind: 'model', dir: BASE_MODEL }, { signal: stop.signal })).rejects.toBeInstanceOf(CancelledError);
  });

  test('a process that dies is an error, not silence', async () => {
    const dying: SpawnInquiry = () => {
      const child = spawn();
      return { ...child, send: () => child.kill() };
    };
    await expect(askInquiry(dying, { kind: 'model', dir: BASE_MODEL })).rejects.toThrow(/ended by the system/);
  });

  test('a question that is none is refused', async () => {
    const rude: SpawnInquiry = () => {
      const child = spawn();
      return { ...child, send: () => child.send({ type: 'ask', question: { kind: 'secrets' } } as unknown as ToInquiry) };
    };
    await expect(askInquiry(rude, { kind: 'model', dir: BASE_MODEL })).rejects.toThrow(/does not understand/);
  });
});
