/** @file KL partners against the KL_completion_ids that TRL wrote into the golden runs. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sequentialBlocks } from '#engine/train/blocks.ts';
import { planEvaluation } from '#engine/train/eval-plan.ts';
import { klPartners } from '#engine/train/kl-pairs.ts';

interface Row {
  completion_ids: number[];
  KL_completion_ids: number[];
}

const trace = JSON.parse(readFileSync(new URL('../../golden/trl/kto_default/trace.json', import.meta.url), 'utf8')) as { dataset: Row[] };
const rows = trace.dataset.map((_, row) => row);

describe('klPartners', () => {
  it('rotates completions by one inside each block, as TRL does', () => {
    const partners = klPartners(sequentialBlocks(rows, 4));
    trace.dataset.forEach((row, i) => expect(trace.dataset[partners[i] as number]?.completion_ids).toEqual(row.KL_completion_ids));
  });

  it('gives the first row of a block the completion of its last', () => {
    expect([
      ...klPartners([
        [2, 0, 1],
        [4, 3],
      ]),
    ]).toEqual([2, 0, 1, 4, 3]);
    expect([...klPartners([[1, 2], [0]])]).toEqual([0, 2, 1]);
  });

  it('uses the completions of a block each once', () => {
    const partners = klPartners([
      [5, 1, 3],
      [0, 2, 4],
    ]);
    expect([1, 3, 5].map((row) => partners[row]).sort()).toEqual([1, 3, 5]);
  });
});

describe('planEvaluation', () => {
  const labels = Array.from({ length: 10 }, (_, row) => row < 5);
  const request = { rowCount: 10, labels, trainBatchSize: 4, evalBatchSize: 8, shuffle: false, seed: 1, klEstimate: true };

  it('rotates in blocks of the train batch size and batches by the eval batch size', () => {
    const plan = planEvaluation(request);
    expect(plan.batches).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7],
      [8, 9],
    ]);
    expect([...(plan.partners ?? [])]).toEqual([3, 0, 1, 2, 7, 4, 5, 6, 9, 8]);
  });

  it('mixes labels when shuffling, and makes no partners where no KL estimate is made', () => {
    const plan = planEvaluation({ ...request, shuffle: true, evalBatchSize: 4 });
    expect(plan.batches.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const batch of plan.batches) expect(new Set(batch.map((row) => labels[row])).size).toBe(2);
    expect(planEvaluation({ ...request, klEstimate: false }).partners).toBeNull();
  });

  it('has no batches for no rows', () => {
    expect(planEvaluation({ ...request, rowCount: 0, labels: [] })).toMatchObject({ batches: [], notes: [] });
  });
});
