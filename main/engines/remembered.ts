/** @file What has been found out about the engines of this machine, kept in the cache folder until the machine changes. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineTest } from '#contract/engines.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import manifest from '#package' with { type: 'json' };
import type { GraphicsCard } from './graphics-cards.ts';

const FILE = 'engines.json';

const remembered = z.object({ machine: z.string(), tests: z.array(EngineTest) });

/** Processor, graphics cards with their drivers, system, and the versions of both libraries: all that a measured speed depends on. */
export function fingerprint(cards: readonly GraphicsCard[]): string {
  const { dependencies, optionalDependencies } = manifest;
  const facts = [
    process.platform,
    process.arch,
    release(),
    cpus().map(({ model }) => model),
    cards,
    dependencies['onnxruntime-node'],
    dependencies['@tensorflow/tfjs-core'],
    optionalDependencies['@tensorflow/tfjs-node-gpu'],
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

export interface Remembered {
  readonly tests: readonly EngineTest[];
  /** Whether the tests were made on this very machine, with these drivers; tests of another are not worth anything. */
  readonly isCurrent: boolean;
}

/** A file that can't be read is as good as none: it is only a memory of what can be measured again. */
export async function recallTests(cacheDir: string, machine: string): Promise<Remembered> {
  try {
    const { machine: then, tests } = remembered.parse(await readJsonFile(join(cacheDir, FILE)));
    return { tests, isCurrent: then === machine };
  } catch {
    return { tests: [], isCurrent: true };
  }
}

/** New tests replace those of the same engines. @throws {StorageError} */
export async function rememberTests(cacheDir: string, machine: string, tests: readonly EngineTest[]): Promise<void> {
  try {
    await mkdir(cacheDir, { recursive: true });
  } catch (error) {
    throw asStorageError(error, 'write', cacheDir);
  }
  const earlier = await recallTests(cacheDir, machine);
  const kept = earlier.isCurrent ? earlier.tests.filter(({ engine }) => !tests.some((test) => test.engine === engine)) : [];
  await writeFileAtomically(join(cacheDir, FILE), `${JSON.stringify({ machine, tests: [...kept, ...tests] }, null, 2)}\n`);
}
