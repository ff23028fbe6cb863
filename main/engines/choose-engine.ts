/** @file Which engine a job computes with: the one that was asked for, or the fastest that was found right on this machine. */
import type { EngineChoice, EngineName } from '#contract/engines.ts';
import { EngineError } from '#contract/errors.ts';
import type { Backend, DeviceLimits } from '#engine/graph/backend.ts';
import type { ComputeDtype } from '#engine/graph/compute-dtype.ts';
import { BASE_ENGINE } from './engine-name.ts';
import { findGraphicsCards } from './graphics-cards.ts';
import { deviceLimits } from './device-limits.ts';
import { bySpeed } from './list-engines.ts';
import { openEngine } from './open-engine.ts';
import { fingerprint, recallTests } from './remembered.ts';

export interface ChosenEngine {
  readonly engine: EngineName;
  readonly backend: Backend;
  /** Sentences for the person: why it is not the one that was to be expected. */
  readonly notes: readonly string[];
  /** Of its device; null or left out for the processor. */
  readonly limits?: DeviceLimits | null;
  /** What products with frozen weights are computed in; float32 if left out. */
  readonly dtype?: ComputeDtype;
}

export interface ChooseOptions {
  readonly cacheDir: string;
  readonly dtype?: ComputeDtype | undefined;
  /** Replaces the opening, so that a device that is gone can be rehearsed. */
  readonly open?: (engine: EngineName, dtype: ComputeDtype) => Promise<Backend>;
}

/**
 * @param choice - null when nobody chose: as `auto`, but silent where nothing has been tested
 * @throws {EngineError} if an engine was asked for by name and is not there, or none computes in `dtype`
 */
export async function chooseEngine(
  choice: EngineChoice | null,
  { cacheDir, dtype = 'float32', open = openEngine }: ChooseOptions,
): Promise<ChosenEngine> {
  if (choice !== null && choice !== 'auto') {
    return { engine: choice, backend: await open(choice, dtype), notes: [], limits: await deviceLimits(choice, cacheDir), dtype };
  }
  const { tests, notes } = await usableTests(choice, cacheDir);
  for (const { engine } of bySpeed(tests)) {
    try {
      return { engine, backend: await open(engine, dtype), notes, limits: await deviceLimits(engine, cacheDir), dtype };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      notes.push(`${error.message} It worked when it was tested; the next fastest is used.`);
    }
  }
  return { engine: BASE_ENGINE, backend: await open(BASE_ENGINE, dtype), notes, dtype };
}

async function usableTests(choice: EngineChoice | null, cacheDir: string) {
  const notes: string[] = [];
  const known = await recallTests(cacheDir, ''); // asking for the graphics cards takes a moment
  if (known.tests.length === 0) {
    if (choice === 'auto')
      notes.push(
        'No engine has been tested on this machine yet, so the processor computes. Test them in Preferences, or with: prospect engines',
      );
    return { tests: known.tests, notes };
  }
  const { tests, isCurrent } = await recallTests(cacheDir, fingerprint(await findGraphicsCards()));
  if (isCurrent) return { tests, notes };
  notes.push(
    'The machine or a driver has changed since the engines were tested, so the processor computes. Test them again in Preferences, or with: prospect engines',
  );
  return { tests: [], notes };
}
