/** @file The project of the demo, made with the services of the window: the pairs imported, unpaired, and split by prompt. */
import { join } from 'node:path';
import { FormatError } from '#contract/errors.ts';
import { importDataset } from '#datasets/import-dataset.ts';
import { inspectSource } from '#datasets/inspect-source.ts';
import { splitDataset } from '#datasets/split-dataset.ts';
import { unpairDataset } from '#datasets/unpair-dataset.ts';
import type { WorkProgress } from '#datasets/work-progress.ts';
import { createProject, findProject } from '#store/projects.ts';
import type { Project } from '#store/projects.ts';
import type { Store } from '#store/store.ts';

const NAME = 'Reviewer #2 demo';
/** The 1,000 pairs to learn from and the 100 to measure on, which the split is to tell apart by itself. */
const FILES = ['reviewer2-1k-paired.jsonl', 'reviewer2-eval-paired.jsonl'];

export interface DemoProject {
  readonly project: Project;
  readonly versionId: number;
  readonly splitId: number;
  readonly pairs: number;
  readonly examples: number;
  readonly heldOutPairs: number;
}

export interface PrepareOptions {
  /** Folder with the files of Reviewer #2. */
  readonly dataDir: string;
  readonly heldOutPrompts: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: WorkProgress) => void;
}

/** @throws {AppError} with one sentence */
export async function prepareProject(store: Store, options: PrepareOptions): Promise<DemoProject> {
  const { dataDir, heldOutPrompts, seed, signal, onProgress } = options;
  const paths = FILES.map((name) => join(dataDir, name));
  const { mappings } = await inspectSource(paths, { signal });
  const [best] = mappings;
  if (!best) throw new FormatError(`${dataDir} does not hold the pairs of Reviewer #2. Get the files again.`, { file: dataDir });
  const project = createProject(store, { name: freeName(store) });
  const into = { projectId: project.id, name: 'Reviewer #2 pairs' };
  const working = { signal, onProgress };
  const { version } = await importDataset(store, { paths, mapping: best.mapping, into, badRows: 'abort' }, working);
  const evaluation = { prompts: heldOutPrompts };
  const { split } = await splitDataset(store, { versionId: version.id, seed, evaluation, name: 'held out by prompt' }, working);
  const unpaired = await unpairDataset(store, { versionId: version.id, name: 'Reviewer #2, unpaired' }, working);
  return {
    project,
    versionId: version.id,
    splitId: split.id,
    pairs: version.rowCount,
    examples: unpaired.rowCount,
    heldOutPairs: split.heldOutCount,
  };
}

function freeName(store: Store): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? NAME : `${NAME} ${number}`;
    if (!findProject(store, name)) return name;
  }
}
