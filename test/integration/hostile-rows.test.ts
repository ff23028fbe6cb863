/** @file Wrong and odd rows, from files to a sentence for the person: what, where, expected, got, what to do; nothing is left behind. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FormatError, ImportError, OutOfMemoryError, SettingsError, StorageError } from '#contract/errors.ts';
import type { RowScore, TrainingRequest } from '#jobs/training-request.ts';
import { refusal, refusalOf, scoresOf } from '#test/support/refusals.ts';
import type { ErrorClass, Words } from '#test/support/refusals.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { eventsOf, FINISHED_FILES, requestFor, runJob, tokenExamples, tokenPairs, writeRows } from '#test/support/training-runs.ts';

let folder: string;
let textRows: string;

const text = (i: number) => ({ prompt: `p${i}`, completion: `answer ${i}`, label: i % 2 === 0 });
const pair = (i: number) => ({ prompt: `p${i}`, chosen: `good ${i}`, rejected: `bad ${i}` });

beforeAll(async () => {
  folder = await temporaryFolder();
  textRows = await writeRows(folder, [0, 1, 2, 3].map(text), 'text.jsonl');
});

let runs = 0;
function request(dataFile: string, more: Partial<TrainingRequest> = {}): TrainingRequest {
  const outDir = join(folder, `out-${++runs}`, 'run');
  const settings = { max_steps: 1, per_device_train_batch_size: 2, max_length: 64, ...more.settings };
  return requestFor({ dataFile, outDir, cacheDir: join(folder, 'cache'), ...more, settings });
}

function score(dataFile: string, maxLength: number | null = 64): Promise<RowScore[]> {
  const { modelDir, cacheDir } = request(dataFile);
  return scoresOf({ modelDir, dataFile, cacheDir, adapterDir: null, maxLength });
}

describe('rows', () => {
  const wrong: Record<string, readonly [rows: readonly unknown[] | string, error: ErrorClass, words: Words]> = {
    'with a token id outside the vocabulary': [
      [...tokenExamples(2), { prompt_ids: [1], completion_ids: [259], label: true }],
      ImportError,
      ['Row 3 of rows.jsonl', 'token id 259 in `completion_ids`', 'ids from 0 to 258', 'skip the row'],
    ],
    'with a negative token id': [
      [...tokenExamples(2), { prompt_ids: [1], completion_ids: [-1], label: true }],
      ImportError,
      ['Row 3 of rows.jsonl', '-1 at position 0 of `completion_ids`', 'Fix it or skip the row'],
    ],
    'with a broken line': [
      `${JSON.stringify(text(0))}\n{"prompt": "a", "completion": \n${JSON.stringify(text(1))}`,
      ImportError,
      ['Line 2 of rows.jsonl is not valid JSON at column 31', 'ends too early'],
    ],
    'with a number for a text': [
      [text(0), { ...text(1), prompt: 1 }],
      ImportError,
      ['Row 2 of rows.jsonl has 1 as `prompt` where text is expected', 'Fix it or skip the row'],
    ],
    'with an unclear label': [
      [text(0), { ...text(1), label: 'maybe' }],
      ImportError,
      ['Row 2 of rows.jsonl has the `label` "maybe"', 'Use true for'],
    ],
    'with an empty completion': [
      [text(0), { ...text(1), completion: '' }],
      ImportError,
      ['Row 2 of rows.jsonl has no `completion` text', 'Fill it in or skip the row'],
    ],
    'of both kinds': [[text(0), pair(1)], ImportError, ['Row 2 of rows.jsonl is a pair', 'row 1 is an example', 'two files']],
    'of chat messages, without a chat template': [
      [
        {
          messages: [
            { role: 'user', content: 'a' },
            { role: 'assistant', content: 'b' },
          ],
          label: true,
        },
      ],
      FormatError,
      ['has no chat template', 'add a chat_template.jinja, or use plain text'],
    ],
    'of none': ['', ImportError, ['rows.jsonl is empty', 'Choose a file with rows']],
    'in an archive': ['PK\u0003\u0004', ImportError, ['rows.jsonl is a ZIP archive', 'Unpack it first']],
  };

  it.each(Object.keys(wrong))('%s are refused', async (name) => {
    const [rows, error, words] = wrong[name]!;
    const dataFile = join(await temporaryFolder(), 'rows.jsonl');
    await writeFile(dataFile, typeof rows === 'string' ? rows : rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(await refusalOf(request(dataFile))).toEqual(refusal(error, words));
    await expect(score(dataFile)).rejects.toThrow(error);
  });

  it('that do not exist are missed by name', async () => {
    const words = ['none.jsonl', 'it does not exist', 'Check the path'];
    expect(await refusalOf(request(join(folder, 'none.jsonl')))).toEqual(refusal(StorageError, words));
  });

  it('whose prompts fill max_length are refused, but may be scored: nothing of their answers is left', async () => {
    const dataFile = await writeRows(folder, [{ prompt: 'x'.repeat(100), completion: 'a', label: true }], 'prompts.jsonl');
    const words = ['No row of prompts.jsonl is left', 'In row 1 the prompt alone has 101 tokens and max_length is 64', 'Raise max_length'];
    expect(await refusalOf(request(dataFile))).toEqual(refusal(ImportError, words));
    expect(await score(dataFile)).toEqual([{ row: 0, logp: 0, tokens: 0 }]);
  });

  it('that are single answers are refused by DPO, also to evaluate on', async () => {
    const settings = { method: 'dpo' };
    const expected = refusal(SettingsError, ['DPO needs pairs', 'text.jsonl are single answers with a label', '--method kto']);
    expect(await refusalOf(request(textRows, { settings }))).toEqual(expected);
    const pairs = await writeRows(folder, [0, 1].map(pair), 'pairs.jsonl');
    expect(await refusalOf(request(pairs, { settings, evalDataFile: textRows }))).toEqual(expected);
  });

  it('that are pairs become twice as many examples for KTO', async () => {
    const dataFile = await writeRows(folder, tokenPairs(3), 'token-pairs.jsonl');
    const events = await runJob(request(dataFile, { evalDataFile: dataFile }));
    expect(eventsOf(events, 'plan')).toMatchObject([{ method: 'kto', trainRows: 6, evalRows: 6 }]);
    expect(events.at(-1)?.kind).toBe('finished');
  });

  it('that are unusable are left out and named where the person wants that', async () => {
    const foreign = { prompt_ids: [1], completion_ids: [900], label: true };
    const dataFile = await writeRows(folder, [...tokenExamples(4), foreign, { prompt_ids: 'a' }, { prompt_ids: [1] }], 'mixed.jsonl');
    const events = await runJob(request(dataFile, { badRows: 'skip' }));
    expect(eventsOf(events, 'plan')).toMatchObject([{ trainRows: 4 }]);
    const warnings = eventsOf(events, 'warning').map((event) => event.text);
    expect(warnings).toContainEqual(expect.stringMatching(/^2 rows of mixed\.jsonl were skipped: Row 6 .*; Row 7 of mixed\.jsonl has no/));
    expect(warnings).toContainEqual(
      expect.stringMatching(/^1 row was skipped: Row 5 of mixed\.jsonl has the token id 900 .*skip the row\.$/),
    );
  });

  it('that are all unusable end the job even then', async () => {
    const unreadable = await writeRows(folder, [{ prompt_ids: 'a' }], 'unreadable.jsonl');
    const first = ['unreadable.jsonl has no row that can be used: all 1 were skipped', 'The first: Row 1'];
    expect(await refusalOf(request(unreadable, { badRows: 'skip' }))).toEqual(refusal(ImportError, first));
    const foreign = await writeRows(folder, [{ prompt_ids: [1], completion_ids: [900], label: true }], 'foreign.jsonl');
    const second = ['No row of foreign.jsonl is left', 'Row 1 of foreign.jsonl has the token id 900'];
    expect(await refusalOf(request(foreign, { badRows: 'skip' }))).toEqual(refusal(ImportError, second));
  });

  it.each([
    ['an empty prompt', [...[0, 1, 2].map(text), { prompt: '', completion: 'abc', label: false }]],
    ['an empty prompt and one token', [0, 1].map((i) => ({ prompt_ids: [], completion_ids: [5 + i], label: i === 0 }))],
    ['nothing beside them', [text(0)]],
  ])('with %s are trained on and scored', async (_, rows) => {
    const job = request(await writeRows(await temporaryFolder(), rows));
    const events = await runJob(job);
    expect(eventsOf(events, 'finished')).toHaveLength(1);
    expect(await readdir(job.outDir)).toEqual([...FINISHED_FILES, 'checkpoint-1'].toSorted());
    expect(await score(job.dataFile)).toHaveLength(rows.length);
  });

  it('with a byte order mark and carriage returns are the same rows', async () => {
    const dataFile = join(folder, 'windows.jsonl');
    await writeFile(dataFile, `\uFEFF${(await readFile(textRows, 'utf8')).replaceAll('\n', '\r\n')}`);
    expect(await score(dataFile)).toEqual(await score(textRows));
  });

  it('of ten megabytes are cut to max_length, and that is said', async () => {
    const long = { prompt: 'p', completion: 'words '.repeat(1_700_000), label: false };
    const events = await runJob(request(await writeRows(folder, [text(0), long], 'long.jsonl')));
    expect(eventsOf(events, 'warning')).toContainEqual({
      kind: 'warning',
      text: '1 answer was cut to max_length: row 2 (62 of 10200001 completion tokens kept).',
    });
    expect(eventsOf(events, 'plan')).toMatchObject([{ truncatedRows: 1, longestRowTokens: 10_200_003 }]);
    expect(events.at(-1)?.kind).toBe('finished');
  });

  it('too long for any memory are refused where nothing cuts them', async () => {
    const completionIds = new Array<number>(300_000).fill(7);
    const dataFile = await writeRows(folder, [{ prompt_ids: [1], completion_ids: completionIds, label: true }], 'endless.jsonl');
    const words = ['300001 tokens', /needs at least \d+ GiB of memory/, /this machine has [\d.]+ GiB/, 'Set max_length'];
    expect(await refusalOf(request(dataFile, { settings: { max_length: null } }))).toEqual(refusal(OutOfMemoryError, words));
    await expect(score(dataFile, null)).rejects.toThrow(OutOfMemoryError);
  });

  it('to evaluate on may all be too long: the run goes on without', async () => {
    const evalDataFile = await writeRows(folder, [{ prompt: 'x'.repeat(100), completion: 'a', label: true }], 'long-prompts.jsonl');
    const events = await runJob(request(textRows, { evalDataFile }));
    expect(eventsOf(events, 'warning').map((event) => event.text)).toContainEqual(
      '1 row of the evaluation set was dropped: row 1 (the prompt alone has 101 tokens and max_length is 64).',
    );
    expect(eventsOf(events, 'evaluation')).toEqual([]);
    expect(events.at(-1)?.kind).toBe('finished');
  });
});
