/** @file probes.jsonl in a run's folder: its probe prompts, always the same. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '#io/atomic-write.ts';
import type { Store } from '#store/store.ts';
import { promptsOfRows, type ProbedModel, type ProbePrompt } from './probe-prompts.ts';
import type { RowSource } from './write-rows.ts';

export interface ProbesOptions {
  /** Of the run. */
  readonly folder: string;
  readonly model: ProbedModel;
}

/**
 * A file that is there already is right: a person's own prompts, or those of a run that goes on and must be asked the same.
 * @returns null where nothing is asked
 * @throws {StorageError}
 */
export async function writeProbes(store: Store, source: RowSource, { folder, model }: ProbesOptions): Promise<string | null> {
  const file = fileIn(folder);
  if (existsSync(file)) return statSync(file).size > 0 ? file : null;
  const prompts = promptsOfRows(store, source, model);
  if (prompts.length === 0) return null;
  await writePrompts(folder, prompts);
  return file;
}

/** @param prompts - none: nothing is asked @throws {StorageError} */
export async function writePrompts(folder: string, prompts: readonly ProbePrompt[]): Promise<void> {
  await writeFileAtomically(fileIn(folder), prompts.map((prompt) => `${JSON.stringify({ prompt })}\n`).join(''));
}

function fileIn(folder: string): string {
  return join(folder, 'probes.jsonl');
}
