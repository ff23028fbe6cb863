/** @file Tests an engine in a process of its own: a driver that crashes or hangs takes only that process with it. */
import type { EngineName, EngineTest } from '#contract/engines.ts';
import { AppError, CancelledError } from '#contract/errors.ts';
import { askInquiry } from './ask-inquiry.ts';
import type { SpawnInquiry } from './ask-inquiry.ts';

/** The slowest software device needs half a minute to compile its shaders. */
const PATIENCE_MS = 180_000;

/** @throws {CancelledError} if `signal` is aborted; whatever else goes wrong is the result of the test */
export async function testEngineApart(
  spawn: SpawnInquiry,
  engine: EngineName,
  { signal, patienceMs = PATIENCE_MS }: { readonly signal: AbortSignal; readonly patienceMs?: number },
): Promise<EngineTest> {
  const patience = AbortSignal.timeout(patienceMs);
  try {
    return await askInquiry(spawn, { kind: 'engine', engine }, { signal: AbortSignal.any([signal, patience]) });
  } catch (error) {
    if (signal.aborted) throw error;
    const failed = { engine, state: 'broken', backend: null, gflops: null, largestError: null } as const;
    if (error instanceof CancelledError) return { ...failed, reason: `It gave no result within ${Math.round(patienceMs / 1000)} s.` };
    if (error instanceof AppError) return { ...failed, reason: error.message };
    throw error;
  }
}
