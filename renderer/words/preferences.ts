/** @file What the preferences say, and whatever else is said about engines. */
import type { EngineTest } from '#contract/engines.ts';
import { formatMemory } from './quantities.ts';

export const preferencesWords = {
  title: 'Preferences',
  open: 'Preferences…',
  loading: 'Loading the preferences',
  look: { title: 'Look', label: 'Theme', themes: { auto: 'As the system', light: 'Light', dark: 'Dark' } },
  settings: {
    title: 'Settings of runs',
    advanced: 'Show all settings, not only the five that matter most',
  },
  network: {
    title: 'Network',
    offline: 'Offline mode',
    about: 'Prospect uses the network only to download a model that you ask for. In offline mode not even that.',
    forced: (reason: string): string => `${reason} It can’t be switched on here.`,
  },
  engines: {
    title: 'Computes on',
    about:
      'What runs and their plans are computed with on this machine, from the next run on. A run that is resumed goes on with what it was begun with, unless you name another engine here.',
    loading: 'Looking what this machine has',
    table: 'Engines',
    columns: { engine: 'Engine', device: 'Device', speed: 'Speed', error: 'Largest error' },
    auto: 'Automatic',
    autoNow: (title: string): string => `the fastest that works here: ${title}`,
    autoUntested: 'the fastest that works here; the processor, until the engines have been tested',
    outdated: 'The machine or a driver has changed since the last test, so the processor computes. Test the engines again.',
    testAll: 'Test all',
    test: (title: string): string => `Test ${title}`,
    testShort: 'Test',
    testing: 'Testing…',
    testAbout:
      'A test runs a small training step, compares its gradients with the processor’s and measures it for some seconds, each engine in a process of its own: a driver that crashes takes nothing else with it.',
    notHere: 'Not on this machine',
    untested: 'not tested',
    unknownDevice: 'no card that the system tells of',
    states: { works: 'Works', absent: 'Not there', broken: 'Does not run', wrong: 'Gives wrong results' } satisfies Record<
      EngineTest['state'],
      string
    >,
    rate: (gflops: number): string => `${gflops < 10 ? gflops.toPrecision(2) : gflops.toFixed(0)} GFLOP/s`,
    error: (largest: number): string =>
      largest === 0
        ? 'none'
        : largest
            .toExponential(0)
            .replace('e-', ' × 10⁻')
            .replace(/⁻(\d+)/, (_, n: string) => `⁻${superscript(n)}`),
    memory: formatMemory,
    change: 'Change what computes',
  },
} as const;

function superscript(digits: string): string {
  return digits.replaceAll(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
}
