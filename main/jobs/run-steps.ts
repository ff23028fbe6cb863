/** @file The part of a training job that computes: events of the trainer become files and events of the job. */
import { AppError, CancelledError } from '#contract/errors.ts';
import type { CheckpointState } from '#engine/train/checkpoint-state.ts';
import type { TrainingEvent } from '#engine/train/trainer.ts';
import type { ChosenEngine } from '#engines/choose-engine.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import { epochAfter } from '#engine/train/steps.ts';
import { writeAdapterFolder } from '#io/adapter-folder.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { checkpointDirOf, writeCheckpoint } from './checkpoint-files.ts';
import { toAdapter } from './initial-adapter.ts';
import type { ProbeSamples } from './generate/probe-samples.ts';
import type { OpenedModel } from './open-model.ts';
import type { PreparedData } from './prepare-data.ts';
import { readReferences, writeReferences } from './reference-file.ts';
import { storedPlan, writeRunRecord } from './run-record.ts';
import type { ResumedRecord, RunRecord } from './run-record.ts';
import type { RunSession } from './run-session.ts';
import { METRICS_FILE, StepLog, wasEvaluated } from './step-log.ts';
import type { JobEvent, TrainingRequest } from './training-request.ts';

export interface RunStepsOptions {
  readonly request: TrainingRequest;
  readonly outDir: string;
  readonly settings: TrainingSettings;
  readonly data: PreparedData;
  readonly model: OpenedModel;
  readonly session: RunSession;
  readonly chosen: ChosenEngine;
  /** Name of what that computes on. */
  readonly device: string | null;
  readonly memory: MemoryPlan;
  readonly stepsDone: number;
  readonly startedAt: Date;
  /** The run that is continued, or null. */
  readonly earlier: ResumedRecord | null;
  /** Answers of the model on the way, or null where nobody asked for them. */
  readonly probes: ProbeSamples | null;
  /** How files are written. */
  readonly writing: { readonly writeChunk?: ChunkWriter };
}

/**
 * Trains from wherever the session stands to the end, or until cancelled: then a checkpoint is saved.
 * @throws {AppError} what went wrong; the run is then recorded as failed, unless that can't be written either
 */
export async function* runSteps(options: RunStepsOptions): AsyncGenerator<JobEvent> {
  const { outDir, session, stepsDone, writing } = options;
  // First, so that whoever hears of the plan can read what computes.
  await record(options, 'running');
  yield planEvent(options);
  const references = await readReferences(outDir, session.referenceKey);
  if (references) session.trainer.useReferences(references);
  const metrics = await StepLog.open(outDir, METRICS_FILE, stepsDone, writing);
  try {
    yield* trainOrStop(options, metrics);
  } catch (error) {
    await record(options, 'failed').catch(() => undefined);
    throw error;
  } finally {
    await metrics.close();
  }
}

async function* trainOrStop(options: RunStepsOptions, metrics: StepLog): AsyncGenerator<JobEvent> {
  const { outDir, session } = options;
  let saved = options.stepsDone;
  try {
    for await (const event of withChunkNotes(options, eventsOf(options, metrics))) {
      if (event.kind === 'checkpoint') saved = event.step;
      yield event;
    }
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    const { step } = session.trainer.state();
    const checkpointDir = step > saved ? await saveCheckpoint(options) : step > 0 ? checkpointDirOf(outDir, step) : null;
    await record(options, 'stopped');
    yield { kind: 'stopped', step, checkpointDir };
  }
}

/** Says once that chunks have become smaller, and keeps it for the run that goes on from here. */
async function* withChunkNotes(options: RunStepsOptions, events: AsyncIterable<JobEvent>): AsyncGenerator<JobEvent> {
  const { chunks } = options.session;
  let { tokens } = chunks;
  for await (const event of events) {
    if (chunks.tokens < tokens) {
      ({ tokens } = chunks);
      await record(options, 'running');
      yield {
        kind: 'warning',
        text: `The device had too little memory, so the run goes on with chunks of ${tokens} tokens. The results are the same.`,
      };
    }
    yield event;
  }
}

async function* eventsOf(options: RunStepsOptions, metrics: StepLog): AsyncGenerator<JobEvent> {
  const { outDir, session, writing, probes, stepsDone } = options;
  const { trainer, adapter } = session;
  const evaluates = session.method.evaluationBatchCount > 0;
  const started = performance.now();
  const isEvaluated = wasEvaluated(metrics);
  // Before training, or where the run was stopped between an evaluation and its samples.
  if (probes && !probes.isTakenAtStart && (stepsDone === 0 || isEvaluated || !evaluates)) yield* probes.take(stepsDone);
  for await (const event of trainer.run({ evaluateFirst: !isEvaluated })) {
    if (event.kind === 'checkpoint') {
      await metrics.sync();
      yield { kind: 'checkpoint', step: event.step, dir: await saveCheckpoint(options) };
    } else if (event.kind === 'references') {
      await writeReferences(outDir, { key: session.referenceKey, references: event.references }, writing);
      const problem = await saveForLaterRuns(session);
      if (problem !== null) yield { kind: 'warning', text: problem };
    } else if (event.kind === 'finished') {
      const { step, trainLoss } = event;
      yield { kind: 'progress', phase: 'Saving', done: step, total: step, unit: 'steps' };
      await writeAdapterFolder(outDir, toAdapter(adapter, adapter.parameters), writing);
      await record(options, 'finished', { train_loss: trainLoss, train_runtime: (performance.now() - started) / 1000 });
      yield { kind: 'finished', step, outDir, trainLoss };
    } else {
      if (event.kind === 'log' || event.kind === 'evaluation') await metrics.append(event.entry);
      yield jobEvent(event, trainer.plan.maxSteps);
    }
    if (probes && event.kind === (evaluates ? 'evaluation' : 'checkpoint')) yield* probes.take(trainer.state().step);
  }
}

type Reported = Exclude<TrainingEvent, { kind: 'checkpoint' | 'references' | 'finished' }>;

function jobEvent(event: Reported, maxSteps: number): JobEvent {
  switch (event.kind) {
    case 'reference':
      return { kind: 'progress', phase: 'Caching reference log-probabilities', done: event.rowsDone, total: event.rowsTotal, unit: 'rows' };
    case 'micro-batch':
      return { kind: 'progress', phase: 'Training', done: event.step - 1 + event.done / event.total, total: maxSteps, unit: 'steps' };
    case 'evaluating':
      return { kind: 'progress', phase: 'Evaluating', done: event.done, total: event.total, unit: 'batches' };
    case 'log':
    case 'evaluation':
      return event;
    default:
      return event satisfies never;
  }
}

/** A cache: that it can't be written is no reason to end the run. @returns a sentence if so */
async function saveForLaterRuns({ knownReferences }: RunSession): Promise<string | null> {
  try {
    await knownReferences?.save();
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `${error.message} The next run will compute its reference log-probabilities again.`;
  }
}

function saveCheckpoint({ outDir, session, settings, data, model, writing }: RunStepsOptions): Promise<string> {
  const { step, parameters, optimizer, metrics } = session.trainer.state();
  const state: CheckpointState = {
    version: 1,
    step,
    epoch: epochAfter(session.trainer.plan, step),
    settings,
    dataHash: data.train.hash,
    modelHash: model.hash,
    metrics: { ...metrics, sums: { ...metrics.sums } },
  };
  return writeCheckpoint(outDir, { state, adapter: toAdapter(session.adapter, parameters), optimizer }, writing);
}

function planEvent({ data, session, stepsDone, chosen, device }: RunStepsOptions): JobEvent {
  const reports = [data.train.report, ...(data.evaluation ? [data.evaluation.report] : [])];
  return {
    kind: 'plan',
    method: data.method,
    trainRows: data.train.rows.length,
    evalRows: data.evaluation?.rows.length ?? 0,
    droppedRows: reports.reduce((sum, { dropped }) => sum + dropped.length, 0),
    truncatedRows: reports.reduce((sum, { truncated }) => sum + truncated.length, 0),
    steps: session.trainer.plan.maxSteps,
    stepsDone,
    trainableParameters: [...session.adapter.parameters.values()].reduce((sum, { length }) => sum + length, 0),
    longestRowTokens: data.train.report.longestTokens,
    engine: chosen.engine,
    device,
  };
}

function record(options: RunStepsOptions, status: RunRecord['status'], result: RunRecord['result'] = null): Promise<void> {
  const { request, outDir, settings, data, model, session, memory, startedAt, stepsDone, earlier, writing, chosen } = options;
  const { train, evaluation } = data;
  const steps = { done: session.trainer.state().step, total: session.trainer.plan.maxSteps };
  const { adapterInitHash } = session;
  // A finished run that is resumed has nothing left to do, and keeps the time that it took.
  const nothingWasLeft = stepsDone === steps.total;
  const runRecord: RunRecord = {
    started_at: startedAt.toISOString(),
    status,
    settings,
    model: { dir: model.dir, architecture: model.config.architecture, sha256: model.hash },
    data: {
      file: request.dataFile,
      rows: train.rows.length,
      droppedRows: train.report.dropped.length,
      truncatedRows: train.report.truncated.length,
      sha256: train.hash,
    },
    eval_data: evaluation && { file: request.evalDataFile, rows: evaluation.rows.length, sha256: evaluation.hash },
    probe_prompts: request.probePromptsFile === null ? null : { file: request.probePromptsFile },
    adapter_init:
      request.adapterInitDir !== null && adapterInitHash !== null ? { dir: request.adapterInitDir, sha256: adapterInitHash } : null,
    engine: chosen.engine,
    dtype: chosen.dtype ?? 'float32',
    backend: chosen.backend.name,
    device: options.device,
    memory_plan: storedPlan(memory),
    smaller_chunk_tokens: session.chunks.tokens < memory.chunkTokens ? session.chunks.tokens : null,
    steps,
    result: nothingWasLeft ? (earlier?.result ?? result) : result,
  };
  return writeRunRecord(outDir, runRecord, writing);
}
