/** @file A data folder with a project that is ready to be trained: rows, a model of 2 layers, and settings for a run of some seconds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GivenSettings } from '#contract/choices.ts';
import { setChoices } from '#projects/choices.ts';
import { createDataset } from '#store/datasets.ts';
import { openStore } from '#store/open-store.ts';
import { createProject } from '#store/projects.ts';
import { createSplit } from '#store/splits.ts';
import { ROOT } from './spawn-host.ts';
import { RowWriter } from '#store/row-writer.ts';
import type { NewRow } from '#store/row-columns.ts';
import { BASE_MODEL, tokenPairs } from '#test/support/training-runs.ts';

/** As it comes with the program. */
export const STARTER_MODEL = join(ROOT, 'resources/starter-model');

export interface TrainProjectOptions {
  readonly name?: string;
  readonly rows?: number;
  readonly epochs?: number;
}

/** Of one epoch with 40 rows. */
export const STEPS_AN_EPOCH = 18;

export function makeTrainProject(dataDir: string, { name = 'Reviewer #2', rows = 40, epochs = 20 }: TrainProjectOptions = {}): number {
  const store = openStore(dataDir);
  try {
    const projectId = createProject(store, { name }).id;
    const datasetId = createDataset(store, { projectId, name: 'Reviews', kind: 'pair' }).id;
    const writer = RowWriter.begin(store, { datasetId, keepRows: false, origin: { kind: 'import' } });
    writer.add(storedPairs(rows));
    const version = writer.commit();
    setChoices(store, projectId, {
      data: { versionId: version.id, splitId: null },
      modelFolder: BASE_MODEL,
      settings: {
        per_device_train_batch_size: 4,
        num_train_epochs: epochs,
        learning_rate: 1e-2,
        lr_scheduler_type: 'cosine',
        logging_steps: 1,
        eval_ratio: 0.1,
        eval_steps: 10,
        save_steps: 10,
      },
    });
    return projectId;
  } finally {
    store.close();
  }
}

export interface ReviewerProjectOptions {
  readonly rows?: number;
  /** Every so many rows one is held out. */
  readonly heldOutEvery?: number;
  readonly methods?: readonly ('kto' | 'dpo')[];
  readonly epochs?: number;
  /** Instead of those of a run of so many epochs. */
  readonly settings?: GivenSettings;
  readonly modelFolder?: string;
}

/** The starter model and pairs of the sample data, of which some are held out. */
export function makeReviewerProject(
  dataDir: string,
  name: string,
  { rows = 100, heldOutEvery = 10, methods = ['kto'], epochs = 20, settings, modelFolder = STARTER_MODEL }: ReviewerProjectOptions = {},
): number {
  const store = openStore(dataDir);
  try {
    const projectId = createProject(store, { name }).id;
    const datasetId = createDataset(store, { projectId, name: 'Reviews', kind: 'pair' }).id;
    const writer = RowWriter.begin(store, { datasetId, keepRows: false, origin: { kind: 'import' } });
    writer.add(reviewerPairs(rows));
    const version = writer.commit();
    const heldOut = new Uint8Array(Math.ceil(rows / 8));
    for (let row = 0; row < rows; row += heldOutEvery) heldOut[row >> 3] = (heldOut[row >> 3] ?? 0) | (1 << (row & 7));
    const split = createSplit(store, { versionId: version.id, name: 'default', settings: {}, heldOut });
    setChoices(store, projectId, {
      data: { versionId: version.id, splitId: split.id },
      modelFolder,
      methods: [...methods],
      settings: settings ?? {
        per_device_train_batch_size: 8,
        num_train_epochs: epochs,
        learning_rate: 1e-3,
        logging_steps: 1,
        eval_steps: 10,
      },
    });
    return projectId;
  } finally {
    store.close();
  }
}

function reviewerPairs(count: number): NewRow[] {
  const lines = readFileSync(join(ROOT, 'resources/reviewer2/reviewer2-1k-paired.jsonl'), 'utf8').split('\n').slice(0, count);
  return lines.map((line, index) => {
    const { prompt, chosen, rejected } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return {
      form: 'chat',
      options: null,
      sourceFile: 0,
      sourceRowId: null,
      promptKey: BigInt(index),
      sourceRow: index + 1,
      prompt: JSON.stringify(prompt),
      completion: JSON.stringify(chosen),
      rejected: JSON.stringify(rejected),
      label: null,
    };
  });
}

function storedPairs(count: number): NewRow[] {
  return tokenPairs(count).map((row, index) => ({
    form: 'tokens',
    options: null,
    sourceFile: 0,
    sourceRowId: null,
    promptKey: BigInt(index),
    sourceRow: index + 1,
    prompt: JSON.stringify(row['prompt_ids']),
    completion: JSON.stringify(row['chosen_ids']),
    rejected: JSON.stringify(row['rejected_ids']),
    label: null,
  }));
}
