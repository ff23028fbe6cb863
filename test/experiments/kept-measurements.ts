/** @file Measurements that were made before: an experiment that was interrupted goes on, and two of them share the runs that they have in common. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureRun, MODEL_DIR } from './run-method.ts';
import type { Measured, RunRequest } from './run-method.ts';

const FOLDER = 'out/experiments/runs';

/** Everything that a measurement follows from, but the program itself: delete `out/experiments` after a change of that. */
function keyOf(request: RunRequest): string {
  const weights = readFileSync(join(MODEL_DIR, 'model.safetensors'));
  return createHash('sha256').update(weights).update(JSON.stringify(request)).digest('hex');
}

export async function measuredRun(request: RunRequest): Promise<Measured> {
  const file = join(FOLDER, `${keyOf(request)}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Measured;
  } catch {
    const measured = await measureRun(request);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, JSON.stringify(measured));
    return measured;
  }
}
