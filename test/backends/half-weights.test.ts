/** @file Weights of half types are used as they lie: the same numbers as their float32 copies, and never all of them widened at once. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import type { WeightDtype, WeightRange, Weights } from '#engine/graph/backend.ts';
import { gradients } from '#engine/graph/gradient.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import type { Graph } from '#engine/graph/graph.ts';
import { gather, input, matMul, mul, parameter, sumAll } from '#engine/graph/operations.ts';
import { bfloat16ToFloat32, float16ToFloat32 } from '#engine/tensor/convert-half.ts';
import { bytesOf } from '#test/support/safetensors-bytes.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const backend = onnxRuntimeBackend({ threads: 1 });
const MIB = 2 ** 20;

/** Rows of a table through `layers` matrices, and the gradient with respect to what is added to them. */
function stack(width: number, layers: number): Graph {
  const shift = input('shift', ['T', width]);
  const rows = gather(parameter('table', [8, width]), input('ids', ['T'], 'int32'));
  const weights = Array.from({ length: layers }, (_, i) => parameter(`w${i}`, [width, width]));
  const y = weights.reduce((x, weight) => matMul(x, weight, { transB: true }), mul(rows, shift));
  const loss = sumAll(mul(y, y));
  return makeGraph({ y, rows, gradient: gradients(loss, [shift])[0]! });
}

/** All matrices are one range of the file, and the table is its beginning. */
function weightsIn(file: string, dtype: WeightDtype, { width, layers }: { readonly width: number; readonly layers: number }): Weights {
  const bytes = dtype === 'float32' ? 4 : 2;
  const range = (rows: number): WeightRange => ({ file, dtype, shape: [rows, width], byteOffset: 0, byteLength: rows * width * bytes });
  return new Map([['table', range(8)], ...Array.from({ length: layers }, (_, i) => [`w${i}`, range(width)] as const)]);
}

test.each([
  ['bfloat16', bfloat16ToFloat32, 0x3c00],
  ['float16', float16ToFloat32, 0x2400],
] as const)('%s weights give the bits that their float32 copies give', async (dtype, widen, base) => {
  const shape = { width: 64, layers: 3 };
  const halves = Uint16Array.from({ length: 64 * 64 }, (_, i) => base + ((i * 7919) % 512) + (i % 3 === 0 ? 0x8000 : 0));
  const singles = new Float32Array(halves.length);
  widen(halves, singles);
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'half'), bytesOf(halves));
  await writeFile(join(folder, 'single'), bytesOf(singles));
  const feeds = {
    ids: { dtype: 'int32', dims: [3], data: Int32Array.of(5, 0, 7) },
    shift: { dtype: 'float32', dims: [3, 64], data: Float32Array.from({ length: 192 }, (_, i) => Math.sin(i)) },
  } as const;
  const run = async (weights: Weights) => {
    const executable = await backend.compile(stack(64, 3), weights);
    const results = await executable.run(feeds);
    await executable.release();
    return results;
  };
  const expected = await run(weightsIn(join(folder, 'single'), 'float32', shape));
  expect(expected['rows']?.data.slice(0, 64)).toEqual(singles.slice(5 * 64, 6 * 64));
  expect(expected['gradient']?.data.every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
  expect(await run(weightsIn(join(folder, 'half'), dtype, shape))).toEqual(expected);
});

test('half weights are widened one at a time, in the forward and in the backward pass', async () => {
  const shape = { width: 2048, layers: 16 };
  const matrixBytes = 2 * shape.width ** 2;
  const file = join(await temporaryFolder(), 'half');
  await writeFile(file, bytesOf(new Uint16Array(shape.width ** 2).fill(0x3a00)));
  const weights = weightsIn(file, 'bfloat16', shape);
  const graph = stack(shape.width, shape.layers);
  const executable = await backend.compile(graph, weights);
  const before = process.memoryUsage().rss;
  await executable.run({
    ids: { dtype: 'int32', dims: [1], data: Int32Array.of(0) },
    shift: { dtype: 'float32', dims: [1, shape.width], data: new Float32Array(shape.width) },
  });
  const grown = process.memoryUsage().rss - before;
  await executable.release();
  // The mapped matrices become resident, 8 MiB each; widened all at once they would take 256 MiB more.
  expect(grown).toBeLessThan(shape.layers * matrixBytes + 120 * MIB);
  const predicted = backend.peakBytes(graph, new Map([['T', 1]]), weights);
  expect(predicted).toBeGreaterThan(2 * matrixBytes);
  expect(predicted).toBeLessThan(2 * matrixBytes + MIB);
});
