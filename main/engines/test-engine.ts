/** @file Whether an engine computes what the processor computes, and how fast. Runs in a process of its own: a driver may take its process down. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName, EngineTest } from '#contract/engines.ts';
import { EngineError } from '#contract/errors.ts';
import type { Backend } from '#engine/graph/backend.ts';
import type { ChunkResult } from '#engine/train/row-pass.ts';
import { bufferLimit } from './buffer-limit.ts';
import { BASE_ENGINE } from './engine-name.ts';
import { openEngine } from './open-engine.ts';
import { MEASURED_TRIALS, openTrial, SMALL_TRIAL } from './trial.ts';
import type { Trial, TrialSize } from './trial.ts';

/** float32 sums in another order, and shaders' approximations of exp and log. */
const TOLERANCE = 1e-3;
/** Speed is the best step of this long, at each of two sizes. */
const MEASURED_MS = 2500;
/** A step that would take longer, at the speed of the smaller one, is not begun: nobody waits minutes to learn that an engine is slow. */
const LONGEST_STEP_MS = 20_000;

/** Never throws: what is wrong is in the result. */
export async function testEngine(engine: EngineName, { measuredMs = MEASURED_MS, trials = MEASURED_TRIALS } = {}): Promise<EngineTest> {
  const folder = await mkdtemp(join(tmpdir(), 'prospect-engine-'));
  let backend: Backend | null = null;
  try {
    backend = await openEngine(engine);
    const small = await openTrial(backend, folder, SMALL_TRIAL);
    const largestError = await compareWithBase(small, folder);
    if (!(largestError <= TOLERANCE)) return wrong(engine, backend, largestError);
    const gflops = await measure(small, backend, { folder, measuredMs, trials });
    return {
      engine,
      state: 'works',
      reason: null,
      backend: backend.name,
      gflops,
      largestError,
      bufferBytes: await bufferLimit(engine, backend),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { engine, state: error instanceof EngineError ? 'absent' : 'broken', reason, ...nothingKnown(backend) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function nothingKnown(backend: Backend | null): Pick<EngineTest, 'backend' | 'gflops' | 'largestError'> {
  return { backend: backend?.name ?? null, gflops: null, largestError: null };
}

function wrong(engine: EngineName, backend: Backend, largestError: number): EngineTest {
  const reason = `Its gradients differ from the processor's by ${largestError.toPrecision(2)} of their largest value; at most ${TOLERANCE} is right.`;
  return { engine, state: 'wrong', reason, ...nothingKnown(backend), largestError };
}

async function compareWithBase(trial: Trial, folder: string): Promise<number> {
  const base = await openTrial(await openEngine(BASE_ENGINE), folder, SMALL_TRIAL);
  try {
    return largestDifference(await trial.run(), await base.run());
  } finally {
    await base.release();
  }
}

/** NaN where a value is. */
function largestDifference(got: ChunkResult, expected: ChunkResult): number {
  const pairs = [[got.logps, expected.logps] as const, [got.partnerLogps, expected.partnerLogps] as const];
  for (const [name, values] of expected.gradients) pairs.push([got.gradients.get(name) ?? new Float32Array(), values]);
  return pairs.reduce((worst, [a, b]) => {
    const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
    return b.reduce((most, value, i) => Math.max(most, Math.abs(value - (a[i] ?? Number.NaN)) / largest), worst);
  }, 0);
}

interface MeasureOptions {
  readonly folder: string;
  readonly measuredMs: number;
  readonly trials: readonly TrialSize[];
}

/** Larger and larger steps, because small ones are all overhead. @returns GFLOP/s of the largest that was bearable */
async function measure(small: Trial, backend: Backend, { folder, measuredMs, trials }: MeasureOptions): Promise<number> {
  let rate = small.flops / (await bestStepMs(small, measuredMs / 10)); // operations a millisecond
  await small.release();
  for (const size of trials) {
    const trial = await openTrial(backend, folder, size);
    try {
      if (trial.flops / rate > LONGEST_STEP_MS) break;
      await trial.run(); // compiles what it needs
      rate = trial.flops / (await bestStepMs(trial, measuredMs));
    } finally {
      await trial.release();
    }
  }
  return rate / 1e6;
}

async function bestStepMs(trial: Trial, duringMs: number): Promise<number> {
  let best = Infinity;
  const end = performance.now() + duringMs;
  do {
    const started = performance.now();
    await trial.run();
    best = Math.min(best, performance.now() - started);
  } while (performance.now() < end);
  return best;
}
