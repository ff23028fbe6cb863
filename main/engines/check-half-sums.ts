/** @file Whether float16 products of a device add up in float32: in float16, adding one to 2048 changes nothing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from '#contract/engines.ts';
import { EngineError } from '#contract/errors.ts';
import type { Backend, WeightRange } from '#engine/graph/backend.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { input, matMul, parameter } from '#engine/graph/operations.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';

/** So many ones; the sum is a number that float16 has. */
const TERMS = 2 ** 15;
const ONE = 0x3c00;

/** @throws {EngineError} if they do not */
export async function checkHalfSums(engine: EngineName, backend: Backend): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'prospect-half-'));
  try {
    const file = join(folder, 'ones');
    await writeFile(file, new Uint8Array(new Uint16Array(TERMS).fill(ONE).buffer));
    const range: WeightRange = { file, dtype: 'float16', shape: [1, TERMS], byteOffset: 0, byteLength: 2 * TERMS };
    const graph = makeGraph({ y: matMul(input('x', [1, TERMS]), parameter('ones', [1, TERMS]), { transB: true }) });
    const executable = await backend.compile(graph, new Map([['ones', range]]));
    const { y } = await executable.run({ x: floatTensor([1, TERMS], new Float32Array(TERMS).fill(1)) });
    await executable.release();
    const sum = Number(y?.data[0]);
    if (sum === TERMS) return;
    throw new EngineError(
      `The engine ${engine} adds up float16 products in float16 (it adds ${TERMS} ones to ${sum}), which loses too much. Leave --dtype out.`,
      { engine },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
