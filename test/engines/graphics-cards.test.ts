/** @file What the tools of each system say of their graphics cards. */
import { expect, test } from 'vitest';
import { findGraphicsCards } from '#engines/graphics-cards.ts';
import type { RunTool } from '#engines/graphics-cards.ts';

/** Prints what is given by program; anything else can't be run. */
const tools =
  (printed: Readonly<Record<string, string>>): RunTool =>
  async (program) => {
    const text = printed[program];
    if (text === undefined) throw new Error(`spawn ${program} ENOENT`);
    return text;
  };

test('NVIDIA tells name, memory and driver of every card', async () => {
  const run = tools({ 'nvidia-smi': 'NVIDIA H100 80GB HBM3, 81559, 550.54.15\nNVIDIA H100 80GB HBM3, 81559, 550.54.15\n' });
  const card = { name: 'NVIDIA H100 80GB HBM3', memoryBytes: 81559 * 2 ** 20, driver: '550.54.15' };
  expect((await findGraphicsCards('darwin', run)).slice(0, 2)).toEqual([card, card]);
});

test('Windows lists the others, and no card twice', async () => {
  const run = tools({
    'nvidia-smi': 'NVIDIA GeForce RTX 4070, 12282, 551.23\n',
    powershell: JSON.stringify([
      { Name: 'NVIDIA GeForce RTX 4070', DriverVersion: '31.0.15.5123' },
      { Name: 'AMD Radeon(TM) Graphics', DriverVersion: '31.0.24002.92' },
    ]),
  });
  expect((await findGraphicsCards('win32', run)).map(({ name, driver }) => [name, driver])).toEqual([
    ['NVIDIA GeForce RTX 4070', '551.23'],
    ['AMD Radeon(TM) Graphics', '31.0.24002.92'],
  ]);
});

test('a Mac names its chip, and the system that drives it', async () => {
  const run = tools({ system_profiler: JSON.stringify({ SPDisplaysDataType: [{ sppci_model: 'Apple M3 Pro' }] }), sw_vers: '15.2\n' });
  expect(await findGraphicsCards('darwin', run)).toEqual([{ name: 'Apple M3 Pro', memoryBytes: null, driver: 'macOS 15.2' }]);
});

test.each(['win32', 'darwin'] as const)('tools of %s that are missing or print nonsense are no failure', async (platform) => {
  expect(await findGraphicsCards(platform, tools({}))).toEqual([]);
  const nonsense = tools({ 'nvidia-smi': 'NVIDIA-SMI has failed', powershell: '<html>', system_profiler: '{}' });
  expect(await findGraphicsCards(platform, nonsense)).toEqual([]);
});
