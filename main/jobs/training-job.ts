/** @file A training run from files to files: everything is checked first, then it trains, keeps checkpoints, and leaves a PEFT adapter. */
import { basename, join, resolve } from 'node:path';
import { CancelledError } from '#contract/errors.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { withEvents } from './channel.ts';
import { readNewestCheckpoint, removeUnfinishedCheckpoints } from './checkpoint-files.ts';
import type { Checkpoint } from './checkpoint-files.ts';
import { openModel } from './open-model.ts';
import { prepareData } from './prepare-data.ts';
import type { PreparedData } from './prepare-data.ts';
import { readRows } from './read-rows.ts';
import { checkRunFolder, makeRunFolder } from './run-folder.ts';
import { lockRunFolder } from './run-lock.ts';
import { readRunRecord } from './run-record.ts';
import type { ResumedRecord } from './run-record.ts';
import { defaultChunkTokens, openSession } from './run-session.ts';
import { runSteps } from './run-steps.ts';
import { throttleProgress } from './throttle-progress.ts';
import type { JobEvent, TrainingRequest } from './training-request.ts';

/**
 * Nothing is written before settings, model and data have been found usable.
 * @param options.signal - when aborted, the run stops after the chunk it is computing, saves a checkpoint and ends with `stopped`
 * @throws {AppError} with one sentence for the person
 */
export function trainingJob(request: TrainingRequest, options: { signal: AbortSignal }): AsyncGenerator<JobEvent> {
  return throttleProgress(runJob(request, options), () => performance.now());
}

async function* runJob(request: TrainingRequest, { signal }: { signal: AbortSignal }): AsyncGenerator<JobEvent> {
  const outDir = resolve(request.outDir);
  await checkRunFolder(outDir, request.resume);
  const earlier = request.resume ? await readRunRecord(outDir) : null;
  const given = { ...earlier?.settings, ...request.settings };
  const { settings } = resolveSettings(given);
  const startedAt = new Date(earlier?.started_at ?? Date.now());
  try {
    const data = yield* prepare(request, { settings, startedAt, signal });
    for (const text of resolveSettings(given, { labelCounts: labelCounts(data) }).warnings) yield { kind: 'warning', text };
    yield* dataNotes(data);
    await makeRunFolder(outDir);
    const unlock = await lockRunFolder(outDir);
    try {
      yield* trainInFolder({ request, outDir, settings, data, earlier, startedAt, signal });
    } finally {
      await unlock();
    }
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    yield { kind: 'stopped', step: 0, checkpointDir: null };
  }
}

interface Preparation {
  readonly settings: TrainingSettings;
  readonly startedAt: Date;
  readonly signal: AbortSignal;
}

async function* prepare(request: TrainingRequest, { settings, startedAt, signal }: Preparation): AsyncGenerator<JobEvent, PreparedData> {
  const { modelDir, dataFile, evalDataFile, badRows } = request;
  const folder = await openModelFolder(modelDir);
  const { vocabSize } = parseModelConfig(folder.configJson, join(folder.dir, 'config.json'));
  return yield* withEvents<JobEvent, PreparedData>(async (emit) => {
    const onProgress = (done: number, total: number | null = null) =>
      emit({ kind: 'progress', phase: 'Preparing data', done, total, unit: 'rows' });
    const read = async (file: string) => {
      const { rows, skipped } = await readRows(file, { badRows, signal, onProgress });
      if (skipped.length > 0)
        emit({
          kind: 'warning',
          text: `${skipped.length} of ${rows.length + skipped.length} rows of ${basename(file)} were skipped: ${listed(skipped)}`,
        });
      return { file, rows };
    };
    const train = await read(dataFile);
    const evaluation = evalDataFile === null ? null : await read(evalDataFile);
    return prepareData(train, evaluation, { settings, modelDir: folder.dir, vocabSize, startedAt, signal, onProgress });
  });
}

interface FolderRun extends Preparation {
  readonly request: TrainingRequest;
  readonly outDir: string;
  readonly data: PreparedData;
  readonly earlier: ResumedRecord | null;
}

async function* trainInFolder(run: FolderRun): AsyncGenerator<JobEvent> {
  const { request, outDir, settings, data, earlier, signal } = run;
  await removeUnfinishedCheckpoints(outDir);
  const checkpoint = earlier ? yield* newestCheckpoint(outDir) : null;
  const model = yield* withEvents<JobEvent, Awaited<ReturnType<typeof openModel>>>((emit) =>
    openModel(request.modelDir, {
      cacheDir: request.cacheDir,
      signal,
      onProgress: ({ bytesDone, bytesTotal }) =>
        emit({ kind: 'progress', phase: 'Loading model', done: bytesDone, total: bytesTotal, unit: 'bytes' }),
    }),
  );
  const chunkTokens = earlier?.chunk_tokens ?? defaultChunkTokens();
  const session = await openSession({ model, data, settings, adapterInitDir: request.adapterInitDir, checkpoint, chunkTokens, signal });
  try {
    for (const text of [...session.adapter.notes, ...session.method.notes]) yield { kind: 'note', text };
    yield* runSteps({ ...run, model, session, chunkTokens, stepsDone: checkpoint?.state.step ?? 0 });
  } finally {
    await session.method.release();
  }
}

async function* newestCheckpoint(outDir: string): AsyncGenerator<JobEvent, Checkpoint | null> {
  const found = await readNewestCheckpoint(outDir);
  for (const dir of found?.damaged ?? [])
    yield { kind: 'warning', text: `${dir} is damaged and was passed over; the run continues from ${found?.dir ?? ''}.` };
  if (!found) yield { kind: 'note', text: 'There is no checkpoint yet, so the run starts from the beginning.' };
  return found?.checkpoint ?? null;
}

function labelCounts(data: PreparedData): { desirable: number; undesirable: number } | null {
  if (data.method === 'dpo') return null;
  const desirable = data.train.rows.filter(({ label }) => label).length;
  return { desirable, undesirable: data.train.rows.length - desirable };
}

/** What tokenising dropped or cut, in sentences; the plan event has the counts. */
function* dataNotes({ train, evaluation }: PreparedData): Generator<JobEvent> {
  for (const [set, where] of [
    [train, ''],
    [evaluation, ' of the evaluation set'],
  ] as const) {
    if (!set) continue;
    const { dropped, truncated, prefixMismatches } = set.report;
    if (dropped.length > 0)
      yield {
        kind: 'warning',
        text: `${dropped.length} rows${where} were dropped: ${listed(dropped.map(({ row, reason }) => `row ${row} (${reason})`))}`,
      };
    if (truncated.length > 0) {
      const each = truncated.map(
        ({ row, side, completionTokens, keptCompletionTokens }) =>
          `row ${row} (${keptCompletionTokens} of ${completionTokens} ${side} tokens kept)`,
      );
      yield { kind: 'warning', text: `${truncated.length} answers${where} were cut to max_length: ${listed(each)}` };
    }
    if (prefixMismatches.length > 0) {
      const rows = prefixMismatches.map((row) => `row ${row}`);
      yield {
        kind: 'warning',
        text: `In ${prefixMismatches.length} rows${where} the tokenizer merges the end of the prompt with the answer, which shifts the answer's tokens as it does in TRL: ${listed(rows)}`,
      };
    }
  }
}

/** Sentences shown in full before "and n more". */
const LISTED = 5;

function listed(items: readonly string[]): string {
  const more = items.length - LISTED;
  return items.slice(0, LISTED).join('; ') + (more > 0 ? `; and ${more} more.` : '.');
}
