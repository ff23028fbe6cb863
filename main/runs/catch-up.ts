/**
 * @file Brings the store up to date with the folder of a run that ended without being watched: its process or the program was killed, or the
 * power went. The process writes metrics.jsonl and checkpoints by itself, so they may know more than the store.
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import { listCheckpoints } from '#store/checkpoints.ts';
import { fromStoredPath, toStoredPath } from '#store/data-folder.ts';
import type { StepMetrics } from '#store/metrics.ts';
import { getRun, type Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import { forgetGoneCheckpoints, keepCheckpoint, keepMetrics } from './keep-events.ts';
import { stepMetrics } from './metric-batch.ts';

const CHECKPOINT = /^checkpoint-(\d+)$/;
const Entry = z.record(z.string(), z.number().nullable());
const Record = z.object({ status: z.string(), steps: z.object({ done: z.int(), total: z.int() }) });

export interface FolderFacts {
  readonly finished: boolean;
  readonly totalSteps: number | null;
}

/** @throws {StoreError} if the store can't be written; what can't be read is passed over */
export async function catchUp(store: Store, run: Run): Promise<FolderFacts> {
  const folder = fromStoredPath(store.folder, run.folder);
  const record = await recordIn(folder);
  const totalSteps = record?.steps.total ?? run.totalSteps;
  const missed = (await metricsIn(folder)).filter(({ step }) => step >= run.lastStep);
  if (!getRun(store, run.id)) return { finished: false, totalSteps }; // deleted meanwhile
  keepMetrics(store, run, missed, totalSteps);
  const known = new Set(listCheckpoints(store, run.id).map((checkpoint) => checkpoint.folder));
  for (const { step, dir } of checkpointsIn(folder)) {
    if (!known.has(toStoredPath(store.folder, dir))) keepCheckpoint(store, run, { step, dir });
  }
  forgetGoneCheckpoints(store, run.id);
  return { finished: record?.status === 'finished', totalSteps };
}

async function recordIn(folder: string): Promise<z.infer<typeof Record> | null> {
  try {
    return Record.parse(await readJsonFile(join(folder, 'run.json')));
  } catch (error) {
    if (error instanceof AppError || error instanceof z.ZodError) return null;
    throw error;
  }
}

async function metricsIn(folder: string): Promise<StepMetrics[]> {
  const text = await readFile(join(folder, 'metrics.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => entryOf(line) ?? []);
}

/** Null for a line that is half-written. */
function entryOf(line: string): StepMetrics | null {
  try {
    const entry = Entry.parse(JSON.parse(line));
    return stepMetrics(Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, value ?? NaN])));
  } catch {
    return null;
  }
}

function checkpointsIn(folder: string): { readonly step: number; readonly dir: string }[] {
  try {
    return readdirSync(folder)
      .flatMap((name) => {
        const step = CHECKPOINT.exec(name)?.[1];
        return step === undefined ? [] : [{ step: Number(step), dir: join(folder, name) }];
      })
      .sort((a, b) => a.step - b.step);
  } catch {
    return []; // it had not been made yet
  }
}
