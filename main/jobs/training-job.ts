/** @file A training run from files to files: everything is checked first, then it trains, keeps checkpoints, and leaves a PEFT adapter. */
import { basename, resolve } from 'node:path';
import { CancelledError } from '#contract/errors.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import type { ChooseOptions, ChosenEngine } from '#engines/choose-engine.ts';
import { findEngineDevice } from '#engines/engine-device.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import type { LabelCounts } from '#engine/train/weight-balance.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { withEvents } from './channel.ts';
import { checkRowFits } from './check-row-fits.ts';
import { checkpointDirOf, newestCheckpointStep, readNewestCheckpoint, removeUnfinishedFiles } from './checkpoint-files.ts';
import type { Checkpoint } from './checkpoint-files.ts';
import { dataNotes, skippedNote } from './data-notes.ts';
import { MOST_PROBES, ProbeSamples } from './generate/probe-samples.ts';
import type { ProbeOptions } from './generate/probe-samples.ts';
import { readPrompts } from './generate/read-prompts.ts';
import { checkModel, openModel } from './open-model.ts';
import type { OpenedModel } from './open-model.ts';
import { prepareData } from './prepare-data.ts';
import type { PreparedData } from './prepare-data.ts';
import { adapterFromFolder, freshAdapter } from './initial-adapter.ts';
import { readRows } from './read-rows.ts';
import { checkRunFolder, makeRunFolder } from './run-folder.ts';
import { lockRunFolder, refuseIfLocked } from './run-lock.ts';
import { estimateOptions, planNote, planRun, refuseHopelessPlan } from './plan-run.ts';
import { runEngine } from './run-engine.ts';
import { planOf, readRunRecord } from './run-record.ts';
import type { ResumedRecord } from './run-record.ts';
import { openSession } from './run-session.ts';
import { runSteps } from './run-steps.ts';
import { throttleProgress } from './throttle-progress.ts';
import type { JobEvent, TrainingRequest } from './training-request.ts';

interface TrainingJobOptions {
  /** When aborted, the run stops after the chunk it is computing, saves a checkpoint and ends with `stopped`. */
  readonly signal: AbortSignal;
  /** Replaces the write of every larger file, so that a full disk can be rehearsed. */
  readonly writeChunk?: ChunkWriter;
  /** Replaces the opening of an engine, so that a device that is too small can be rehearsed. */
  readonly open?: ChooseOptions['open'];
}

/**
 * Nothing is written before settings, model and data have been found usable. A resumed run takes what the request leaves open (settings,
 * evaluation file, initial adapter) from the run it continues.
 * @throws {AppError} with one sentence for the person
 */
export function trainingJob(request: TrainingRequest, options: TrainingJobOptions): AsyncGenerator<JobEvent> {
  return throttleProgress(runJob(request, options), () => performance.now());
}

async function* runJob(given: TrainingRequest, options: TrainingJobOptions): AsyncGenerator<JobEvent> {
  const outDir = resolve(given.outDir);
  await refuseIfLocked(outDir);
  await checkRunFolder(outDir, given.resume);
  const earlier = given.resume ? await readRunRecord(outDir) : null;
  const request = completed(given, earlier);
  const resolved = (counts: LabelCounts | null) =>
    resolveSettings(request.settings, { labelCounts: counts, ...(earlier ? { earlier: earlier.settings } : {}) });
  const { settings } = resolved(null);
  const startedAt = new Date(earlier?.started_at ?? Date.now());
  const chosen = await runEngine(request, earlier, options.open ? { open: options.open } : {});
  for (const text of chosen.notes) yield { kind: 'note', text };
  try {
    const data = yield* prepare(request, { settings, startedAt, signal: options.signal });
    for (const { text } of resolved(labelCounts(data)).warnings) yield { kind: 'warning', text };
    for (const text of [...dataNotes(data.train, ''), ...(data.evaluation ? dataNotes(data.evaluation, ' of the evaluation set') : [])])
      yield { kind: 'warning', text };
    const probes = await readProbes(request, options.signal);
    yield* inRunFolder(outDir, { ...options, request, settings, data, probes, earlier, startedAt, chosen });
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    const step = earlier && (await newestCheckpointStep(outDir));
    yield { kind: 'stopped', step: step ?? 0, checkpointDir: step === null ? null : checkpointDirOf(outDir, step) };
  }
}

/** Paths are kept absolute, because a run may be resumed from elsewhere. */
function completed(given: TrainingRequest, earlier: ResumedRecord | null): TrainingRequest {
  const absolute = (path: string | null | undefined) => (path === null || path === undefined ? null : resolve(path));
  return {
    ...given,
    dataFile: resolve(given.dataFile),
    evalDataFile: absolute(given.evalDataFile ?? earlier?.eval_data?.file),
    adapterInitDir: absolute(given.adapterInitDir ?? earlier?.adapter_init?.dir),
    probePromptsFile: absolute(given.probePromptsFile ?? earlier?.probe_prompts?.file),
  };
}

interface Preparation {
  readonly settings: TrainingSettings;
  readonly startedAt: Date;
  readonly signal: AbortSignal;
}

async function* prepare(request: TrainingRequest, { settings, startedAt, signal }: Preparation): AsyncGenerator<JobEvent, PreparedData> {
  const { modelDir, dataFile, evalDataFile, badRows } = request;
  const { folder, config } = await checkModel(modelDir);
  const data = yield* withEvents<JobEvent, PreparedData>(async (emit, either) => {
    const onProgress = (done: number, total: number | null = null) =>
      emit({ kind: 'progress', phase: 'Preparing data', done, total, unit: 'rows' });
    const read = async (file: string) => {
      const { rows, skipped } = await readRows(file, { badRows, signal: either, onProgress });
      if (skipped.length > 0) emit({ kind: 'warning', text: skippedNote(file, skipped) });
      return { file, rows };
    };
    const train = await read(dataFile);
    const evaluation = evalDataFile === null ? null : await read(evalDataFile);
    const { vocabSize } = config;
    return prepareData(train, evaluation, { settings, modelDir: folder.dir, vocabSize, startedAt, badRows, signal: either, onProgress });
  }, signal);
  const longest = Math.max(data.train.report.longestTokens, data.evaluation?.report.longestTokens ?? 0);
  checkRowFits(Math.min(longest, settings.max_length ?? Infinity), config);
  return data;
}

interface FolderRun extends Preparation, TrainingJobOptions {
  readonly request: TrainingRequest;
  readonly data: PreparedData;
  readonly probes: readonly Prompt[];
  readonly earlier: ResumedRecord | null;
  readonly chosen: ChosenEngine;
}

/** Makes the folder, and has it for itself while the run lasts. */
async function* inRunFolder(outDir: string, run: FolderRun): AsyncGenerator<JobEvent> {
  const removeIfEmpty = await makeRunFolder(outDir);
  try {
    const unlock = await lockRunFolder(outDir);
    try {
      await checkRunFolder(outDir, run.request.resume); // another run may have begun and ended meanwhile
      yield* trainInFolder({ ...run, outDir });
    } finally {
      await unlock();
    }
  } finally {
    await removeIfEmpty();
  }
}

async function* trainInFolder(run: FolderRun & { readonly outDir: string }): AsyncGenerator<JobEvent> {
  const { request, outDir, settings, data, earlier } = run;
  const writing = run.writeChunk ? { writeChunk: run.writeChunk } : {};
  await removeUnfinishedFiles(outDir);
  const checkpoint = earlier ? yield* newestCheckpoint(outDir) : null;
  const model = yield* withEvents<JobEvent, OpenedModel>(
    (emit, signal) =>
      openModel(request.modelDir, {
        cacheDir: request.cacheDir,
        signal,
        ...writing,
        onProgress: ({ bytesDone, bytesTotal }) =>
          emit({ kind: 'progress', phase: 'Loading model', done: bytesDone, total: bytesTotal, unit: 'bytes' }),
      }),
    run.signal,
  );
  const memory = earlier ? planOf(earlier.memory_plan) : yield* memoryPlan(run);
  const left = new AbortController(); // by a consumer that does not want to hear the end
  const signal = AbortSignal.any([run.signal, left.signal]);
  const { adapterInitDir } = request;
  const session = await openSession({
    chosen: run.chosen,
    model,
    data,
    settings,
    adapterInitDir,
    checkpoint,
    memory,
    earlier,
    cacheDir: request.cacheDir,
    signal,
  });
  const stepsDone = checkpoint?.state.step ?? 0;
  let probes: ProbeSamples | null = null;
  try {
    for (const text of [...session.adapter.notes, ...session.method.notes]) yield { kind: 'note', text };
    if (run.probes.length > 0) probes = await openProbes(run, { model, adapter: session.adapter, stepsDone, signal });
    const device = await findEngineDevice(run.chosen.engine);
    yield* runSteps({ ...run, device: device?.name ?? null, model, session, memory, stepsDone, probes, writing });
  } finally {
    left.abort();
    await probes?.close();
    await session.method.release();
  }
}

async function readProbes({ probePromptsFile }: TrainingRequest, signal: AbortSignal): Promise<readonly Prompt[]> {
  return probePromptsFile === null ? [] : readPrompts(probePromptsFile, { most: MOST_PROBES, signal });
}

function openProbes(
  { request, outDir, settings, probes, chosen: { backend } }: FolderRun & { readonly outDir: string },
  computing: Pick<ProbeOptions, 'model' | 'adapter' | 'stepsDone' | 'signal'>,
): Promise<ProbeSamples> {
  const source = basename(request.probePromptsFile ?? '');
  return ProbeSamples.open({ ...computing, backend, prompts: probes, source, runDir: outDir, seed: settings.seed });
}

/** Chosen before any weight is read. @throws {OutOfMemoryError} if nothing fits */
async function* memoryPlan({ request, settings, data, chosen }: FolderRun): AsyncGenerator<JobEvent, MemoryPlan> {
  const checked = await checkModel(request.modelDir);
  const adapted = { dir: checked.folder.dir, linear: linearModules(checked.config) };
  const { modules } =
    request.adapterInitDir === null ? freshAdapter(adapted, settings) : await adapterFromFolder(request.adapterInitDir, adapted);
  const plan = planRun(
    estimateOptions(chosen.backend, checked, modules, { data, settings, limits: chosen.limits ?? null }),
    request.memoryBudgetBytes,
  );
  refuseHopelessPlan(plan);
  const note = planNote(plan);
  if (note !== null) yield { kind: plan.fits ? 'note' : 'warning', text: note };
  return plan.memory;
}

async function* newestCheckpoint(outDir: string): AsyncGenerator<JobEvent, Checkpoint | null> {
  const found = await readNewestCheckpoint(outDir);
  for (const dir of found?.damaged ?? [])
    yield { kind: 'warning', text: `${dir} is damaged and was passed over; the run continues from ${found?.dir ?? ''}.` };
  if (!found) yield { kind: 'note', text: 'There is no checkpoint yet, so the run starts from the beginning.' };
  return found?.checkpoint ?? null;
}

function labelCounts(data: PreparedData): LabelCounts | null {
  if (data.method === 'dpo') return null;
  const desirable = data.train.rows.filter(({ label }) => label).length;
  return { desirable, undesirable: data.train.rows.length - desirable };
}
