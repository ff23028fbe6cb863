/**
 * @file Many rows added at the same few places: a kernel whose threads add to one place without taking turns loses some of them. Every update is one,
 * so every sum is a whole number that float32 holds exactly, in whatever order it is made.
 */
import { expect, it } from 'vitest';
import type { Backend } from '#engine/graph/backend.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { input, scatterAdd, scatterElementsAdd } from '#engine/graph/operations.ts';
import { floatTensor, intTensor } from '#engine/tensor/tensor.ts';

/** @param backend - with all the threads it takes by itself */
export function repeatedIndexTests(backend: Backend, { updates = 20_000, repeats = 5 } = {}): void {
  const [rows, width] = [7, 48];
  const place = (i: number) => (i * 7919) % 5; // two places get nothing
  const ones = new Float32Array(updates * width).fill(1);
  const counts = Array.from({ length: rows }, () => 0);
  for (let i = 0; i < updates; i++) counts[place(i)] = (counts[place(i)] as number) + 1;

  it('rows that are added at few places, none of them lost', async () => {
    const graph = makeGraph({ y: scatterAdd(input('updates', ['N', width]), input('index', ['N'], 'int32'), input('like', ['R', width])) });
    const executable = await backend.compile(graph, new Map());
    const index = intTensor(
      [updates],
      Int32Array.from({ length: updates }, (_, i) => place(i)),
    );
    for (let i = 0; i < repeats; i++) {
      const { y } = await executable.run({
        updates: floatTensor([updates, width], ones),
        index,
        like: floatTensor([rows, width], new Float32Array(rows * width)),
      });
      expect([...(y?.data ?? [])]).toEqual(counts.flatMap((count) => Array.from({ length: width }, () => count)));
    }
    await executable.release();
  });

  it('elements that are added at few places of their row, none of them lost', async () => {
    const graph = makeGraph({
      y: scatterElementsAdd(input('updates', ['M', 'J']), input('index', ['M', 'J'], 'int32'), input('like', ['M', rows])),
    });
    const executable = await backend.compile(graph, new Map());
    const index = Int32Array.from({ length: width * updates }, (_, i) => place(i % updates));
    for (let i = 0; i < repeats; i++) {
      const { y } = await executable.run({
        updates: floatTensor([width, updates], ones),
        index: intTensor([width, updates], index),
        like: floatTensor([width, rows], new Float32Array(rows * width)),
      });
      expect([...(y?.data ?? [])]).toEqual(Array.from({ length: width }, () => counts).flat());
    }
    await executable.release();
  });
}
