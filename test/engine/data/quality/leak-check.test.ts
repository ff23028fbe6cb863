import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeakCheck } from '#engine/data/quality/leak-check.ts';
import { NearestIndex } from '#engine/data/quality/nearest.ts';
import { jaccard } from '#engine/data/similarity/shingles.ts';
import { chatExample, example, pair, tokenExample } from '#test/support/dataset-rows.ts';

describe('NearestIndex', () => {
  it('finds what comparing with each text finds', () => {
    const set = fc.uniqueArray(fc.nat(20), { maxLength: 12 }).map((values) => Uint32Array.from(values).sort());
    fc.assert(
      fc.property(fc.array(set, { maxLength: 12 }), fc.array(set, { minLength: 1, maxLength: 6 }), (texts, queries) => {
        const index = new NearestIndex();
        for (const text of texts) index.add(text);
        for (const query of queries) {
          const similarities = texts.map((text) => jaccard(text, query));
          const best = Math.max(0, ...similarities);
          expect(index.nearest(query)).toEqual({ text: best === 0 ? -1 : similarities.indexOf(best), similarity: best });
        }
      }),
    );
  });
});

describe('LeakCheck', () => {
  it('finds the training rows nearest to those of evaluation, by prompt and by answer', () => {
    const check = new LeakCheck();
    for (const row of [
      example('what is love', 'no idea at all'),
      pair('how are you today', 'fine thanks', 'bad'),
      tokenExample([1, 2, 3], [4, 5]),
    ]) {
      check.addTrain(row);
    }
    for (const row of [
      example('How are you, today?', 'great'),
      chatExample('what is love now', 'No idea at all!'),
      tokenExample([1, 2, 3], [9]),
    ]) {
      check.addEvaluation(row);
    }
    const { prompts, answers, ...counts } = check.result();
    expect(counts).toEqual({ trainRows: 3, evaluationRows: 3, comparedTrainRows: 3, comparedEvaluationRows: 3 });
    expect(prompts).toEqual({
      tenths: [0, 0, 0, 0, 0, 0, 1, 0, 0, 2],
      same: 2,
      near: 2,
      nearest: [
        { evaluationIndex: 0, trainIndex: 1, similarity: 1 },
        { evaluationIndex: 2, trainIndex: 2, similarity: 1 },
        { evaluationIndex: 1, trainIndex: 0, similarity: 2 / 3 },
      ],
    });
    expect(answers).toMatchObject({ same: 1, nearest: [{ evaluationIndex: 1, trainIndex: 0, similarity: 1 }] });
    expect(answers.tenths[0]).toBe(2);
  });

  it('compares as many rows as it may, and says so', () => {
    const check = new LeakCheck(2);
    for (let i = 0; i < 5; i++) check.addTrain(example(`p${i}`, 'a'));
    for (let i = 4; i >= 1; i--) check.addEvaluation(example(`p${i}`, 'b'));
    expect(check.result()).toMatchObject({
      trainRows: 5,
      comparedTrainRows: 2,
      evaluationRows: 4,
      comparedEvaluationRows: 2,
      prompts: { same: 0 },
    });
  });
});
