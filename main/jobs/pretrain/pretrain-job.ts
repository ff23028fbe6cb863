/** @file Pretraining from files to files: a recipe and texts become a model folder with a tokenizer of its own and float16 weights. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { CancelledError } from '#contract/errors.ts';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { initialWeights } from '#engine/pretrain/initial-weights.ts';
import type { TrainedWeights } from '#engine/pretrain/initial-weights.ts';
import { PretrainPass } from '#engine/pretrain/pretrain-pass.ts';
import { Pretrainer } from '#engine/pretrain/pretrainer.ts';
import type { PretrainEvent } from '#engine/pretrain/pretrainer.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { hashFile } from '#io/hash-file.ts';
import { writeModelFolder } from '#io/write-model-folder.ts';
import { withEvents } from '#jobs/channel.ts';
import { checkRunFolder, makeRunFolder } from '#jobs/run-folder.ts';
import { lockRunFolder, refuseIfLocked } from '#jobs/run-lock.ts';
import { METRICS_FILE, StepLog, wasEvaluated } from '#jobs/step-log.ts';
import { prepareTexts } from './prepare-texts.ts';
import type { PreparedTexts } from './prepare-texts.ts';
import { checkpointFileOf, readPretrainCheckpoint, removePretrainCheckpoints, writePretrainCheckpoint } from './pretrain-checkpoint.ts';
import type { PretrainJobEvent, PretrainRequest } from './pretrain-request.ts';
import { readRecipe } from './read-recipe.ts';
import type { PretrainRecipe } from './read-recipe.ts';

/** Of a model that answers in chats; what the tokenizer's ids are is written in chatml-tokenizer.ts. */
const SPECIAL_IDS = { bos_token_id: null, eos_token_id: 2, pad_token_id: 0 };

interface Run {
  readonly recipe: PretrainRecipe;
  readonly texts: PreparedTexts;
  readonly outDir: string;
  /** Of everything that decides the numbers. */
  readonly runHash: string;
  readonly weights: TrainedWeights;
  readonly signal: AbortSignal;
}

/**
 * The same recipe and texts give the same bytes on the same machine, stopped and resumed or not.
 * @param signal - when aborted, the run stops after the step it computes, saves a checkpoint and ends with `stopped`
 * @throws {AppError} with one sentence for the person
 */
export async function* pretrainJob(
  request: PretrainRequest,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<PretrainJobEvent> {
  const outDir = resolve(request.outDir);
  await refuseIfLocked(outDir);
  await checkRunFolder(outDir, request.resume);
  const recipe = await readRecipe(request.configFile);
  const texts = yield* withEvents<PretrainJobEvent, PreparedTexts>(
    (emit, either) => prepareTexts(request, recipe, { emit, signal: either }),
    signal,
  );
  const { settings, config, modelJson } = recipe;
  const runHash = createHash('sha256')
    .update(JSON.stringify([settings, modelJson, texts.hash]))
    .digest('hex');
  const weights = initialWeights(config, { seed: settings.seed, range: settings.initializer_range });
  const removeIfEmpty = await makeRunFolder(outDir);
  try {
    const unlock = await lockRunFolder(outDir);
    try {
      yield* pretrainInFolder({ recipe, texts, outDir, runHash, weights, signal }, request);
    } finally {
      await unlock();
    }
  } finally {
    await removeIfEmpty();
  }
}

async function* pretrainInFolder(run: Run, { resume, threads }: PretrainRequest): AsyncGenerator<PretrainJobEvent> {
  const { recipe, texts, outDir, runHash, weights, signal } = run;
  const { config, settings } = recipe;
  const restored = resume ? await readPretrainCheckpoint(outDir, weights, runHash) : null;
  const backend = onnxRuntimeBackend(threads === null ? {} : { threads });
  const training = await PretrainPass.compile(backend, config, { differentiated: true });
  const evaluation = await PretrainPass.compile(backend, config, { differentiated: false });
  const metrics = await StepLog.open(outDir, METRICS_FILE, restored?.step ?? 0);
  try {
    const passes = { training, evaluation };
    const pretrainer = new Pretrainer({ settings, passes, weights, documents: texts.documents, evaluation: texts.evaluation, signal });
    if (restored) pretrainer.restore(restored);
    yield planEvent(run, restored?.step ?? 0);
    yield* runOrStop(run, pretrainer, metrics);
  } finally {
    await metrics.close();
    await training.release();
    await evaluation.release();
  }
}

async function* runOrStop(run: Run, pretrainer: Pretrainer, metrics: StepLog): AsyncGenerator<PretrainJobEvent> {
  const { outDir } = run;
  let saved = pretrainer.state().step;
  const save = async () => {
    await metrics.sync();
    const state = pretrainer.state();
    if (state.step > saved) await writePretrainCheckpoint(outDir, { ...run, state });
    saved = state.step;
  };
  try {
    for await (const event of pretrainer.run({ evaluateFirst: saved > 0 && !wasEvaluated(metrics) })) {
      if (event.kind === 'log' || event.kind === 'evaluation') await metrics.append(event.entry);
      if (event.kind === 'checkpoint') await save();
      yield event.kind === 'finished' ? await finish(run, event.step) : jobEvent(event, outDir);
    }
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    await save();
    yield { kind: 'stopped', step: saved, checkpoint: saved === 0 ? null : checkpointFileOf(outDir, saved) };
  }
}

function jobEvent(event: Exclude<PretrainEvent, { kind: 'finished' }>, outDir: string): PretrainJobEvent {
  switch (event.kind) {
    case 'step':
      return { kind: 'progress', phase: 'Pretraining', done: event.step, total: event.maxSteps, unit: 'steps' };
    case 'evaluating':
      return { kind: 'progress', phase: 'Evaluating', done: event.done, total: event.total, unit: 'batches' };
    case 'checkpoint':
      return { kind: 'checkpoint', step: event.step, file: checkpointFileOf(outDir, event.step) };
    case 'log':
    case 'evaluation':
      return event;
    default:
      return event satisfies never;
  }
}

/** The model, what it was made with, and no checkpoints any more. */
async function finish({ recipe, texts, outDir, weights }: Run, step: number): Promise<PretrainJobEvent> {
  const { modelJson, settings } = recipe;
  const record = { model: modelJson, training: settings, texts_sha256: texts.hash };
  await writeFileAtomically(join(outDir, 'pretrain.json'), `${JSON.stringify(record, null, 2)}\n`);
  await writeModelFolder(outDir, {
    json: {
      'config.json': { ...modelJson, ...SPECIAL_IDS, torch_dtype: 'float16' },
      'generation_config.json': { ...SPECIAL_IDS, do_sample: true, temperature: 0.7, top_p: 0.95 },
      ...texts.tokenizer,
    },
    weights,
  });
  await removePretrainCheckpoints(outDir);
  return { kind: 'finished', step, outDir, sha256: await hashFile(join(outDir, 'model.safetensors')) };
}

function planEvent({ recipe, texts, weights }: Run, stepsDone: number): PretrainJobEvent {
  const { documents, evaluation } = texts;
  return {
    kind: 'plan',
    documents: documents.length,
    tokens: documents.reduce((sum, { length }) => sum + length, 0),
    evalDocuments: evaluation.length,
    cutDocuments: documents.filter(({ length }) => length > recipe.settings.context_length).length,
    vocabSize: recipe.config.vocabSize,
    parameters: [...weights.values()].reduce((sum, { values }) => sum + values.length, 0),
    steps: recipe.settings.max_steps,
    stepsDone,
  };
}
