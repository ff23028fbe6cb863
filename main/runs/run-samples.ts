/** @file samples.jsonl in a run's folder: what the model answered to the project's probe prompts at each evaluation. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunSample } from '#contract/run-progress.ts';

const FILE = 'samples.jsonl';

/** By step, as they came; a line that is half-written is left out. */
export async function readSamples(runFolder: string): Promise<RunSample[]> {
  const text = await readFile(join(runFolder, FILE), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => sampleOf(line) ?? []);
}

function sampleOf(line: string): RunSample | null {
  try {
    return RunSample.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
