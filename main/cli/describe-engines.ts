/** @file The table of engines in plain words. */
import type { EngineRow, EngineTest } from '#contract/engines.ts';
import type { EngineTable } from '#engines/list-engines.ts';
import { factSheet } from './fact-sheet.ts';
import type { Fact } from './fact-sheet.ts';
import { formatBytes } from './format-quantity.ts';

export function describeEngines({ cards, rows, fastest, isOutdated }: EngineTable): string {
  const cardFacts = cards.map(({ name, memoryBytes, driver }): Fact => {
    const facts = [...(memoryBytes === null ? [] : [formatBytes(memoryBytes)]), ...(driver === null ? [] : [`driver ${driver}`])];
    return [name, facts.join(', ') || 'nothing else is known'];
  });
  return [
    factSheet('Graphics cards', cardFacts.length > 0 ? cardFacts : [['none', 'that the system tells of']]),
    factSheet(
      'Engines',
      rows.map((row): Fact => [row.engine, rowText(row)]),
    ),
    ...(isOutdated ? ['The machine or a driver has changed since the last test.'] : []),
    fastest === null ? 'auto: onnx:cpu, until an engine has been tested.' : `auto: ${fastest}, the fastest that works.`,
  ].join('\n');
}

function rowText({ title, absence, test }: EngineRow): string {
  if (absence !== null) return `${title}: not here. ${absence}`;
  if (test === null) return `${title}: not tested.`;
  if (test.state !== 'works') return `${title}: ${WORDS[test.state]}. ${test.reason ?? ''}`;
  const error =
    test.largestError === null || test.largestError === 0 ? '' : `, within ${test.largestError.toExponential(0)} of the processor`;
  return `${title}: ${rateText(test)}${error}; ${test.backend ?? ''}`;
}

export function rateText({ gflops }: EngineTest): string {
  return gflops === null ? 'no rate' : `${gflops < 10 ? gflops.toPrecision(2) : gflops.toFixed(0)} GFLOP/s`;
}

const WORDS = { absent: 'not here', broken: 'does not run', wrong: 'gives wrong results' } as const;
