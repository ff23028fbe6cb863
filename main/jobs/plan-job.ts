/** @file Memory and time of a run before it is started: what `prospect plan` shows. */
import { CancelledError } from '#contract/errors.ts';
import { chooseEngine } from '#engines/choose-engine.ts';
import { findEngineDevice } from '#engines/engine-device.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { chunkRows } from '#engine/train/chunk-rows.ts';
import type { Chunk, RowGroup } from '#engine/train/chunk-rows.ts';
import { trainingBatches } from '#engine/train/heaviest-batch.ts';
import type { MethodRows } from '#engine/train/heaviest-batch.ts';
import { batchFlops, estimateMemory, memoryPlans, scoringFlops } from '#engine/train/memory-estimate.ts';
import type { EstimateOptions, MemoryEstimate } from '#engine/train/memory-estimate.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { longestRow } from '#engine/train/row-lengths.ts';
import { RowPass } from '#engine/train/row-pass.ts';
import type { LoraParameters } from '#engine/train/row-pass.ts';
import { planSteps, reachedBlocks } from '#engine/train/step-plan.ts';
import type { StepPlan } from '#engine/train/step-plan.ts';
import { adapterFromFolder, freshAdapter } from './initial-adapter.ts';
import { checkModel, openModel } from './open-model.ts';
import { estimateOptions, planRun } from './plan-run.ts';
import { prepareData } from './prepare-data.ts';
import { readRows } from './read-rows.ts';
import type { PlanReport, PlanRequest, PlanTime } from './plan-request.ts';

/** Micro-batches looked at for the mean cost of a step, spread over the epoch. */
const SAMPLED_BATCHES = 16;

/** @throws {AppError} with one sentence for the person */
export async function planJob(request: PlanRequest, { signal }: { signal: AbortSignal }): Promise<PlanReport> {
  const { settings } = resolveSettings(request.settings);
  const checked = await checkModel(request.modelDir);
  const { rows } = await readRows(request.dataFile, { badRows: request.badRows, signal });
  const place = {
    modelDir: checked.folder.dir,
    vocabSize: checked.config.vocabSize,
    startedAt: new Date(),
    badRows: request.badRows,
    signal,
  };
  const data = await prepareData({ file: request.dataFile, rows }, null, { settings, ...place });
  const adapted = { dir: checked.folder.dir, linear: linearModules(checked.config) };
  const adapter =
    request.adapterInitDir === null ? freshAdapter(adapted, settings) : await adapterFromFolder(request.adapterInitDir, adapted);

  const methodRows: MethodRows =
    data.method === 'kto' ? { method: 'kto', rows: data.train.rows } : { method: 'dpo', rows: data.train.rows };
  const batches = trainingBatches(methodRows, settings);
  const { engine, backend, notes, limits = null } = await chooseEngine(request.engine ?? null, request);
  const options = estimateOptions(backend, checked, adapter.modules, { data, settings, limits });
  const plan = planRun(options, request.memoryBudgetBytes);
  const steps = planSteps({
    microBatchesPerEpoch: batches.length,
    gradientAccumulationSteps: settings.gradient_accumulation_steps,
    numTrainEpochs: settings.num_train_epochs,
    maxSteps: settings.max_steps,
  });
  const dryRun = { request, options, batches, memory: plan.memory, parameters: adapter.parameters, signal };
  return {
    method: data.method,
    trainRows: data.train.rows.length,
    steps: steps.maxSteps,
    longestRowTokens: data.train.report.longestTokens,
    trainableParameters: [...adapter.parameters.values()].reduce((sum, { length }) => sum + length, 0),
    memory: plan.memory,
    estimate: plan.estimate,
    budgetBytes: plan.budgetBytes,
    freeBytes: plan.freeBytes,
    fits: plan.fits,
    deviceMemory: plan.device,
    alternatives: alternatives(options),
    engine,
    backend: backend.name,
    device: (await findEngineDevice(engine))?.name ?? null,
    engineNotes: notes,
    time: request.dryRun ? await measureTime(dryRun, steps) : null,
  };
}

function alternatives(options: EstimateOptions): { memory: MemoryPlan; estimate: MemoryEstimate }[] {
  return memoryPlans(options.config.vocabSize, options.shape).map((memory) => ({ memory, estimate: estimateMemory(options, memory) }));
}

interface DryRun {
  readonly request: PlanRequest;
  readonly options: EstimateOptions;
  readonly batches: readonly (readonly RowGroup[])[];
  readonly memory: MemoryPlan;
  readonly parameters: LoraParameters;
  readonly signal: AbortSignal;
}

/** Runs one chunk of the heaviest micro-batch twice (the first time warms up) and scales by operations. */
async function measureTime(run: DryRun, steps: StepPlan): Promise<PlanTime> {
  const { options, batches, memory } = run;
  const flopsPerSecond = await measureSpeed(run);
  const sampled = batches.filter((_, i) => i % Math.ceil(batches.length / SAMPLED_BATCHES) === 0);
  const mean = (cost: (groups: readonly RowGroup[]) => number) => sampled.reduce((sum, groups) => sum + cost(groups), 0) / sampled.length;
  const secondsPerStep = (steps.gradientAccumulationSteps * mean((groups) => batchFlops(options, groups, memory))) / flopsPerSecond;
  const secondsReferences = (reachedBlocks(steps) * mean((groups) => scoringFlops(options, groups, memory))) / flopsPerSecond;
  return {
    secondsPerStep,
    secondsReferences,
    secondsTotal: secondsReferences + steps.maxSteps * secondsPerStep,
    gflops: flopsPerSecond / 1e9,
  };
}

async function measureSpeed({ request, options, memory, parameters, signal }: DryRun): Promise<number> {
  const { backend, config, modules, batch, shape } = options;
  const model = await openModel(request.modelDir, { cacheDir: request.cacheDir, signal });
  // Gradients of the sum of log-probabilities cost the same as the loss's, and need no reference yet.
  const objective = shape.objective.kind === 'rows' && memory.rowGradients ? shape.objective : ({ kind: 'rows' } as const);
  const pass = await RowPass.compile(backend, model.weights, {
    config,
    modules,
    partner: shape.partner,
    measures: true,
    memory,
    objective,
  });
  try {
    const [chunk] = chunkRows(batch, memory.chunkTokens) as [Chunk];
    const only = batch.filter(({ rows }) => rows.every((row) => chunk.rows.includes(row)));
    const flops = batchFlops({ ...options, shape: { ...shape, objective } }, only, { ...memory, rowGradients: true });
    let seconds = Infinity;
    for (let i = 0; i < 2; i++) {
      if (signal.aborted) throw new CancelledError();
      const started = performance.now();
      await pass.run(chunk, { parameters, longestRow: longestRow(batch) });
      seconds = (performance.now() - started) / 1000;
    }
    return flops / seconds;
  } finally {
    await pass.release();
  }
}
