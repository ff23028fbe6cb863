import { describe, expect, it } from 'vitest';
import { evaluationBatches, trainingBatches } from '#engine/pretrain/document-batches.ts';
import type { DocumentBatch } from '#engine/pretrain/document-batches.ts';

const OPTIONS = { rows: 3, contextLength: 10, seed: 4 };
/** Each text is made of its own number. */
const documents = Array.from({ length: 40 }, (_, i) => new Int32Array(2 + (i % 7)).fill(i));
const textsOf = (batch: DocumentBatch) => batch.trees.flatMap((row) => row.map(({ ids }) => ids[0] as number));

function take(count: number, seed = 4): DocumentBatch[] {
  const batches = trainingBatches(documents, { ...OPTIONS, seed });
  return Array.from({ length: count }, () => batches.next().value);
}

describe('training batches', () => {
  it('show every text once in an epoch, in an order that follows from the seed', () => {
    const seen = take(40).flatMap(textsOf);
    expect(new Set(seen.slice(0, 40)).size).toBe(40);
    expect(new Set(seen.slice(40, 80)).size).toBe(40);
    expect(seen.slice(0, 40)).not.toEqual(seen.slice(40, 80));
    expect(take(40).flatMap(textsOf)).toEqual(seen);
    expect(take(40, 5).flatMap(textsOf)).not.toEqual(seen);
  });

  it('keep to their rows, and count their tokens', () => {
    for (const { trees, tokens, predicted } of take(40)) {
      expect(trees.length).toBeLessThanOrEqual(3);
      const lengths = trees.map((row) => row.reduce((sum, { ids }) => sum + ids.length, 0));
      expect(Math.max(...lengths)).toBeLessThanOrEqual(10);
      expect(tokens).toBe(lengths.reduce((sum, length) => sum + length, 0));
      expect(predicted).toBe(tokens - trees.flat().length);
    }
  });

  it('say how much of the texts they have shown', () => {
    const epochs = take(30).map(({ epochsDone }) => epochsDone);
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
    expect(epochs.at(-1)).toBeGreaterThan(1);
  });

  it('cut a text that is longer than a row', () => {
    const [batch] = [...evaluationBatches([new Int32Array(25).fill(7)], OPTIONS)];
    expect(batch).toMatchObject({ tokens: 10, predicted: 9 });
  });
});

describe('evaluation batches', () => {
  it('show every text once', () => {
    const seen = [...evaluationBatches(documents, OPTIONS)].flatMap(textsOf);
    expect(seen.toSorted((a, b) => a - b)).toEqual(documents.map((_, i) => i));
    expect([...evaluationBatches([], OPTIONS)]).toEqual([]);
  });
});
