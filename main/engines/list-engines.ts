/** @file The table of engines: what is on this machine, what was found out about it, and the tests that find it out. */
import type { EngineList, EngineName, EngineTest } from '#contract/engines.ts';
import { CancelledError } from '#contract/errors.ts';
import { engineDevice } from './engine-device.ts';
import { ENGINE_TITLES, ENGINES } from './engine-name.ts';
import { findGraphicsCards } from './graphics-cards.ts';
import type { GraphicsCard } from './graphics-cards.ts';
import { fingerprint, recallTests, rememberTests } from './remembered.ts';
import { whyNotHere } from './why-not-here.ts';

/** What the window shows, and the graphics cards. */
export interface EngineTable extends Omit<EngineList, 'chosen'> {
  readonly cards: readonly GraphicsCard[];
}

/** Loads no engine and measures nothing. */
export async function listEngines(cacheDir: string): Promise<EngineTable> {
  const cards = await findGraphicsCards();
  const { tests, isCurrent } = await recallTests(cacheDir, fingerprint(cards));
  const current = isCurrent ? tests : [];
  const rows = ENGINES.map((engine) => ({
    engine,
    title: ENGINE_TITLES[engine],
    device: engineDevice(engine, cards),
    absence: whyNotHere(engine),
    test: current.find((test) => test.engine === engine) ?? null,
  }));
  return { cards, rows, fastest: bySpeed(current)[0]?.engine ?? null, isOutdated: !isCurrent };
}

export interface TestEnginesOptions {
  readonly cacheDir: string;
  /** Tests one engine in a process of its own. @throws {CancelledError} if `signal` is aborted */
  readonly test: (engine: EngineName, signal: AbortSignal) => Promise<EngineTest>;
  readonly signal: AbortSignal;
  readonly onTested?: (test: EngineTest) => void;
}

/**
 * One after the other, because they would take the machine from each other; each result is remembered at once.
 * @param names - default: all that may be on this machine
 * @throws {CancelledError} if `signal` is aborted; what was tested until then is remembered
 */
export async function testEngines(
  { cacheDir, test, signal, onTested }: TestEnginesOptions,
  names: readonly EngineName[] = ENGINES,
): Promise<EngineTable> {
  const machine = fingerprint(await findGraphicsCards());
  for (const name of names) {
    if (signal.aborted) throw new CancelledError();
    if (whyNotHere(name) !== null) continue;
    const result = await test(name, signal);
    await rememberTests(cacheDir, machine, [result]);
    onTested?.(result);
  }
  return listEngines(cacheDir);
}

/** Those that work, the fastest first. */
export function bySpeed(tests: readonly EngineTest[]): EngineTest[] {
  return tests.filter(({ state }) => state === 'works').toSorted((a, b) => (b.gflops ?? 0) - (a.gflops ?? 0));
}
