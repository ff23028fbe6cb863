import { describe, expect, it } from 'vitest';
import { ImportError, SettingsError } from '#contract/errors.ts';
import { parseRow } from '#engine/data/parse-row.ts';
import type { Row } from '#engine/data/row.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { prepareData } from '#jobs/prepare-data.ts';
import type { PreparedData, PrepareOptions } from '#jobs/prepare-data.ts';
import { BASE_MODEL, tokenExamples, tokenPairs } from '#test/support/training-runs.ts';
import type { JsonRow } from '#test/support/training-runs.ts';

const rowsOf = (values: readonly JsonRow[]): Row[] => values.map((value, i) => parseRow(value, { file: 'rows.jsonl', row: i + 1 }));

interface Request {
  readonly train: readonly JsonRow[];
  readonly evaluation?: readonly JsonRow[];
  readonly settings?: Record<string, unknown>;
  readonly more?: Partial<PrepareOptions>;
}

function prepare({ train, evaluation, settings = {}, more = {} }: Request): Promise<PreparedData> {
  const options: PrepareOptions = {
    settings: resolveSettings(settings).settings,
    modelDir: BASE_MODEL,
    vocabSize: 259,
    startedAt: new Date(0),
    badRows: 'stop',
    ...more,
  };
  const evalSource = evaluation ? { file: '/data/eval.jsonl', rows: rowsOf(evaluation) } : null;
  return prepareData({ file: '/data/rows.jsonl', rows: rowsOf(train) }, evalSource, options);
}

describe('prepareData', () => {
  it('tokenises examples for KTO', async () => {
    const { method, train, evaluation } = await prepare({ train: [{ prompt: 'a', completion: 'b', label: false }] });
    expect({ method, evaluation }).toEqual({ method: 'kto', evaluation: null });
    expect(train.rows).toEqual([{ row: 1, promptIds: Int32Array.of(1, 67), completionIds: Int32Array.of(68, 2), label: false }]);
  });

  it('takes pairs apart for KTO, but not for DPO', async () => {
    const kto = await prepare({ train: tokenPairs(2) });
    expect(kto.train.rows.map((row) => 'label' in row && [row.row, row.label])).toEqual([
      [1, true],
      [2, true],
      [1, false],
      [2, false],
    ]);
    const dpo = await prepare({ train: tokenPairs(2), settings: { method: 'dpo' } });
    expect(dpo.train.rows).toMatchObject([{ row: 1 }, { row: 2 }]);
  });

  it('refuses single answers for DPO', async () => {
    const dpo = prepare({ train: tokenExamples(2), settings: { method: 'dpo' } });
    await expect(dpo).rejects.toThrow(SettingsError);
    await expect(dpo).rejects.toThrow('the rows of rows.jsonl are single answers with a label. Use --method kto.');
  });

  it('holds prompts out for evaluation, but not where a file is given', async () => {
    const held = await prepare({ train: tokenExamples(20), settings: { eval_ratio: 0.2 } });
    expect([held.train.rows.length, held.evaluation?.rows.length]).toEqual([16, 4]);
    const given = await prepare({ train: tokenExamples(20), evaluation: tokenExamples(3), settings: { eval_ratio: 0.2 } });
    expect([given.train.rows.length, given.evaluation?.rows.length]).toEqual([20, 3]);
  });

  it('names the file a bad evaluation row is in', async () => {
    const foreign = { prompt_ids: [1], completion_ids: [900], label: true };
    await expect(prepare({ train: tokenExamples(2), evaluation: [foreign] })).rejects.toThrow('Row 1 of eval.jsonl has the token id 900');
    const skipped = await prepare({ train: tokenExamples(2), evaluation: [foreign, ...tokenExamples(1)], more: { badRows: 'skip' } });
    expect(skipped.evaluation).toMatchObject({ rows: [{ row: 2 }], skipped: [expect.stringMatching(/^Row 1 of eval\.jsonl/)] });
  });

  it('says which prompt was too long where nothing is left to train on', async () => {
    const long = { prompt_ids: new Array<number>(9).fill(5), completion_ids: [5], label: true };
    const nothing = prepare({ train: [long], settings: { max_length: 8 } });
    await expect(nothing).rejects.toThrow(ImportError);
    await expect(nothing).rejects.toThrow(
      'No row of rows.jsonl is left to train on. In row 1 the prompt alone has 9 tokens and max_length is 8. Raise max_length, or use other rows.',
    );
  });

  it('gives the same rows the same fingerprint, and any other rows another', async () => {
    const hash = async (train: readonly JsonRow[], settings = {}) => (await prepare({ train, settings })).train.hash;
    const first = { prompt_ids: [1, 2], completion_ids: [3], label: true };
    const second = { prompt_ids: [4], completion_ids: [5], label: false };
    const original = await hash([first, second]);
    expect(await hash([first, second])).toBe(original);
    const others = await Promise.all([
      hash([second, first]),
      hash([first]),
      hash([{ ...first, label: false }, second]),
      hash([{ prompt_ids: [1], completion_ids: [2, 3], label: true }, second]),
      hash([{ prompt_ids: [1, 2, 3], completion_ids: [4], label: true }, second]),
    ]);
    expect(new Set([original, ...others]).size).toBe(6);
    const pairs = tokenPairs(2);
    const turned = pairs.map((pair) => ({ ...pair, chosen_ids: pair['rejected_ids'], rejected_ids: pair['chosen_ids'] }));
    expect(await hash(pairs, { method: 'dpo' })).not.toBe(await hash(turned, { method: 'dpo' }));
  });
});
