/** @file The table of engines: what is on this machine, what was found out about it, and the tests that find it out. */
import { CancelledError } from '#contract/errors.ts';
import { ENGINE_TITLES, ENGINES } from './engine-name.ts';
import type { EngineName } from './engine-name.ts';
import { findGraphicsCards } from './graphics-cards.ts';
import type { GraphicsCard } from './graphics-cards.ts';
import { fingerprint, recallTests, rememberTests } from './remembered.ts';
import type { EngineTest } from './test-engine.ts';
import { whyNotHere } from './why-not-here.ts';

export interface EngineRow {
  readonly engine: EngineName;
  readonly title: string;
  /** Why it can't be on this machine, or null if it may be. */
  readonly absence: string | null;
  /** The last test on this machine with these drivers; null if there was none. */
  readonly test: EngineTest | null;
}

export interface EngineList {
  readonly cards: readonly GraphicsCard[];
  readonly rows: readonly EngineRow[];
  /** What `auto` uses: the fastest that works; null until one has been tested. */
  readonly fastest: EngineName | null;
  /** Whether there are tests of this machine that a new driver or version has made worthless. */
  readonly isOutdated: boolean;
}

/** Loads no engine and measures nothing. */
export async function listEngines(cacheDir: string): Promise<EngineList> {
  const cards = await findGraphicsCards();
  const { tests, isCurrent } = await recallTests(cacheDir, fingerprint(cards));
  const current = isCurrent ? tests : [];
  const rows = ENGINES.map((engine) => ({
    engine,
    title: ENGINE_TITLES[engine],
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
): Promise<EngineList> {
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
