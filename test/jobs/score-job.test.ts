import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CancelledError, ImportError } from '#contract/errors.ts';
import { scoreJob } from '#jobs/score-job.ts';
import type { RowScore, ScoreRequest } from '#jobs/training-request.ts';
import { scoresOf } from '#test/support/refusals.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL, tokenExamples, tokenPairs, writeRows } from '#test/support/training-runs.ts';

const RUN = join(BASE_MODEL, '../kto_default');

interface Trace {
  readonly dataset: readonly Readonly<Record<string, unknown>>[];
  readonly microbatches: readonly { mode: string; policy_logps: number[]; ref_logps: number[] }[];
}

let folder: string;
let trace: Trace;
beforeAll(async () => {
  folder = await temporaryFolder();
  trace = JSON.parse(await readFile(join(RUN, 'trace.json'), 'utf8')) as Trace;
});

async function score(rows: readonly unknown[], more: Partial<ScoreRequest> = {}): Promise<RowScore[]> {
  const dataFile = await writeRows(await temporaryFolder(), rows);
  return scoresOf({ modelDir: BASE_MODEL, adapterDir: null, dataFile, maxLength: null, cacheDir: join(folder, 'cache'), ...more });
}

const logps = (scores: readonly RowScore[]) => scores.map((row) => ('logp' in row ? row.logp : Number.NaN));

function expectedFrom(mode: string, key: 'policy_logps' | 'ref_logps'): number[] {
  const rows = trace.microbatches.filter((batch) => batch.mode === mode).flatMap((batch) => batch[key]);
  return rows.slice(0, trace.dataset.length);
}

function largestDifference(got: readonly number[], expected: readonly number[]): number {
  return Math.max(...expected.map((value, i) => Math.abs(value - (got[i] ?? Number.NaN))));
}

describe('scores', () => {
  it("are TRL's log-probabilities under the base model, from text and from token ids", async () => {
    const text = trace.dataset.map(({ prompt, completion, label }) => ({ prompt, completion, label }));
    const tokens = trace.dataset.map((row) => ({
      prompt_ids: row['prompt_ids'],
      completion_ids: row['completion_ids'],
      label: row['label'],
    }));
    const fromText = await score(text);
    expect(largestDifference(logps(fromText), expectedFrom('train', 'ref_logps'))).toBeLessThan(1e-4);
    expect(await score(tokens)).toEqual(fromText);
    expect(fromText.map((row) => 'tokens' in row && row.tokens)).toEqual(
      trace.dataset.map((row) => (row['completion_ids'] as number[]).length),
    );
  });

  it('are those of the tuned model with its adapter', async () => {
    const scores = await score(
      trace.dataset.map(({ prompt, completion, label }) => ({ prompt, completion, label })),
      {
        adapterDir: join(RUN, 'adapter_final'),
      },
    );
    expect(largestDifference(logps(scores), expectedFrom('eval', 'policy_logps'))).toBeLessThan(2e-3);
    expect(largestDifference(logps(scores), expectedFrom('eval', 'ref_logps'))).toBeGreaterThan(0.1);
  });

  it('come in the order of the file, and do not depend on what stands beside a row', async () => {
    const rows = tokenExamples(40);
    const all = await score(rows);
    expect(all.map(({ row }) => row)).toEqual(rows.map((_, i) => i));
    const [alone] = await score([rows[17]]);
    expect(largestDifference(logps([all[17] as RowScore]), logps([alone as RowScore]))).toBeLessThan(1e-4);
  });

  it('of a pair are those of its two answers', async () => {
    const pairs = tokenPairs(20);
    const answers = (side: 'chosen_ids' | 'rejected_ids') =>
      pairs.map((pair) => ({ prompt_ids: pair['prompt_ids'], completion_ids: pair[side], label: true }));
    const [together, chosen, rejected] = [await score(pairs), await score(answers('chosen_ids')), await score(answers('rejected_ids'))];
    const side = (name: 'chosen' | 'rejected') => together.map((row) => ('chosen' in row ? row[name].logp : Number.NaN));
    expect(largestDifference(side('chosen'), logps(chosen))).toBeLessThan(1e-4);
    expect(largestDifference(side('rejected'), logps(rejected))).toBeLessThan(1e-4);
    expect(together[1]).toMatchObject({ row: 1, chosen: { tokens: 3 }, rejected: { tokens: 3 } });
  });

  it('count only the tokens that max_length leaves', async () => {
    const row = { prompt_ids: [1, 5, 6], completion_ids: [7, 8, 9, 10], label: true };
    const cut = await score([row], { maxLength: 5 });
    expect(cut).toEqual(await score([{ ...row, completion_ids: [7, 8] }]));
    expect(await score([row], { maxLength: 3 })).toEqual([{ row: 0, logp: 0, tokens: 0 }]);
    expect(await score([row, { ...row, completion_ids: [7, 8] }], { maxLength: 2 })).toMatchObject([{ tokens: 0 }, { tokens: 0 }]);
  });
});

describe('scoring', () => {
  it('stops when asked, between rows already told and the rest', async () => {
    const dataFile = await writeRows(await temporaryFolder(), tokenExamples(64));
    const request = { modelDir: BASE_MODEL, adapterDir: null, dataFile, maxLength: null, cacheDir: join(folder, 'cache') };
    const stop = new AbortController();
    const told: number[] = [];
    const run = (async () => {
      for await (const { row } of scoreJob(request, { signal: stop.signal })) {
        told.push(row);
        stop.abort();
      }
    })();
    await expect(run).rejects.toThrow(CancelledError);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(64);
  });

  it('stops at the first row that cannot be scored', async () => {
    await expect(score([...tokenExamples(2), { prompt_ids: 'a' }])).rejects.toThrow(ImportError);
  });
});
