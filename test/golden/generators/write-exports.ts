/** Writes the exports that exports.py gives to TRL, PEFT and transformers: node test/golden/generators/write-exports.ts test/golden/exports */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exportEverything, METHODS, trainForExport } from '#test/support/export-runs.ts';

const target = resolve(process.argv[2] ?? 'exports');
const folder = await mkdtemp(join(tmpdir(), 'prospect-exports-'));
for (const method of METHODS) await exportEverything(method, await trainForExport(method, folder), target);
