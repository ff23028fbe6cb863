/** @file The part of a training job that computes: events of the trainer become files and events of the job. */
import { CancelledError } from '#contract/errors.ts';
import type { CheckpointState } from '#engine/train/checkpoint-state.ts';
import type { TrainingEvent } from '#engine/train/trainer.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import { writeAdapterFolder } from '#io/adapter-folder.ts';
import { checkpointDirOf, writeCheckpoint } from './checkpoint-files.ts';
import { toAdapter } from './initial-adapter.ts';
import { MetricsFile } from './metrics-file.ts';
import type { OpenedModel } from './open-model.ts';
import type { PreparedData } from './prepare-data.ts';
import { readReferences, writeReferences } from './reference-file.ts';
import { writeRunRecord } from './run-record.ts';
import type { RunRecord } from './run-record.ts';
import type { RunSession } from './run-session.ts';
import type { JobEvent, TrainingRequest } from './training-request.ts';

export interface RunStepsOptions {
  readonly request: TrainingRequest;
  readonly outDir: string;
  readonly settings: TrainingSettings;
  readonly data: PreparedData;
  readonly model: OpenedModel;
  readonly session: RunSession;
  readonly chunkTokens: number;
  readonly stepsDone: number;
  readonly startedAt: Date;
}

/** Trains from wherever the session stands to the end, or until cancelled: then a checkpoint is saved. */
export async function* runSteps(options: RunStepsOptions): AsyncGenerator<JobEvent> {
  const { outDir, session, stepsDone } = options;
  const { trainer } = session;
  const started = performance.now();
  const record = (status: RunRecord['status'], trainLoss: number | null = null) => {
    const result = trainLoss === null ? null : { train_loss: trainLoss, train_runtime: (performance.now() - started) / 1000 };
    return writeRunRecord(outDir, runRecord(options, status, result));
  };
  yield planEvent(options);
  await record('running');
  const references = await readReferences(outDir, session.referenceKey);
  if (references) trainer.useReferences(references);
  const metrics = await MetricsFile.open(outDir, stepsDone);
  let saved = stepsDone;
  try {
    for await (const event of trainer.run()) {
      if (event.kind === 'checkpoint') {
        yield { kind: 'checkpoint', step: event.step, dir: await saveCheckpoint(options) };
        saved = event.step;
      } else if (event.kind === 'references') {
        await writeReferences(outDir, session.referenceKey, event.references);
      } else if (event.kind === 'finished') {
        yield { kind: 'progress', phase: 'Saving', done: event.step, total: event.step, unit: 'steps' };
        await writeAdapterFolder(outDir, toAdapter(session.adapter, session.adapter.parameters));
        await record('finished', event.trainLoss);
        yield { kind: 'finished', step: event.step, outDir, trainLoss: event.trainLoss };
      } else {
        if (event.kind === 'log' || event.kind === 'evaluation') await metrics.append(event.entry);
        yield jobEvent(event, trainer.plan.maxSteps);
      }
    }
  } catch (error) {
    if (!(error instanceof CancelledError)) {
      await record('failed');
      throw error;
    }
    const { step } = trainer.state();
    const checkpointDir = step > saved ? await saveCheckpoint(options) : step > 0 ? checkpointDirOf(outDir, step) : null;
    await record('stopped');
    yield { kind: 'stopped', step, checkpointDir };
  } finally {
    await metrics.close();
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

function saveCheckpoint({ outDir, session, settings, model }: RunStepsOptions): Promise<string> {
  const { step, parameters, optimizer, metrics } = session.trainer.state();
  const epoch = step / session.trainer.plan.stepsPerEpoch;
  const state: CheckpointState = {
    version: 1,
    step,
    epoch,
    settings,
    dataHash: session.dataHash,
    modelHash: model.hash,
    metrics: { ...metrics, sums: { ...metrics.sums } },
  };
  return writeCheckpoint(outDir, { state, adapter: toAdapter(session.adapter, parameters), optimizer });
}

function planEvent({ data, session, stepsDone }: RunStepsOptions): JobEvent {
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
  };
}

function runRecord(
  { request, settings, data, model, session, chunkTokens, startedAt }: RunStepsOptions,
  status: RunRecord['status'],
  result: RunRecord['result'],
): RunRecord {
  const { train, evaluation } = data;
  return {
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
    eval_data: evaluation && { file: request.evalDataFile ?? request.dataFile, rows: evaluation.rows.length, sha256: evaluation.hash },
    adapter_init: request.adapterInitDir,
    backend: session.backend,
    chunk_tokens: chunkTokens,
    steps: { done: session.trainer.state().step, total: session.trainer.plan.maxSteps },
    result,
  };
}
