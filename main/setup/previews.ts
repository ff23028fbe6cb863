/** @file What the next run of a project will need: memory by the plan, time by a dry run, in a process that the next question ends. */
import { freemem } from 'node:os';
import { join } from 'node:path';
import type { RunPreview } from '#contract/settings.ts';
import { ENGINE_TITLES } from '#engines/engine-name.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import { freeBytesOf } from '#io/check-free-space.ts';
import { askInquiry } from '#inquiries/ask-inquiry.ts';
import type { PlanReport } from '#jobs/plan-request.ts';
import { getChoices } from '#projects/choices.ts';
import { initialAdapterDir, requireInitialAdapter } from '#runs/initial-adapter.ts';
import { getEngineChoice } from './engine-choice.ts';
import { rowFilesOf } from './row-files.ts';
import { settingsFor } from './settings-for.ts';
import type { SetupSurroundings } from './surroundings.ts';
import { trainingData } from './training-data.ts';

/** A checkpoint holds the adapter and two moments for each number in it; two are kept, and the adapter at the end. */
const STATES_KEPT = 2 * 3 + 1;
const BYTES_PER_NUMBER = 4;
/** Rows as text, metrics and the log: small beside weights, but not nothing. */
const BYTES_PER_ROW = 2000;

type Method = RunPreview['method'];

export class Previews {
  readonly #around: SetupSurroundings;
  readonly #running = new Map<string, AbortController>();

  constructor(around: SetupSurroundings) {
    this.#around = around;
  }

  /**
   * @returns null while the project has no data or no model
   * @throws {CancelledError} if it is asked again for the same project and method meanwhile
   * @throws {AppError} why such a run can't be
   */
  async preview(projectId: number, method: Method): Promise<RunPreview | null> {
    const { store } = this.#around;
    const data = trainingData(store, projectId);
    const { modelFolder, adapterId, settings, methods } = getChoices(store, projectId);
    if (data === null || modelFolder === null) return null;
    const adapter = adapterId === null ? null : requireInitialAdapter(store, { projectId, adapterId, modelFolder });
    const adapterInitDir = adapter && initialAdapterDir(store, adapter);
    const key = `${projectId} ${method}`;
    this.#running.get(key)?.abort();
    const stop = new AbortController();
    this.#running.set(key, stop);
    this.#tell(projectId, true);
    try {
      const { dataFile, evalDataFile } = await rowFilesOf(this.#around, data, stop.signal);
      // Where rows are held out by a split, the settings hold out no more.
      const given = settingsFor(settings, { method, isAlone: methods.length === 1, isSplit: evalDataFile !== null });
      const report = await this.#plan({ modelDir: modelFolder, adapterInitDir, dataFile, settings: given }, stop.signal);
      const { settings: resolved } = resolveSettings(given);
      return toPreview(report, resolved, await freeBytesOf(store.folder.root));
    } finally {
      if (this.#running.get(key) === stop) this.#running.delete(key);
      this.#tell(projectId, this.#isBusy(projectId));
    }
  }

  stopAll(): void {
    for (const stop of this.#running.values()) stop.abort();
  }

  #plan(
    request: {
      readonly modelDir: string;
      readonly adapterInitDir: string | null;
      readonly dataFile: string;
      readonly settings: Readonly<Record<string, unknown>>;
    },
    signal: AbortSignal,
  ): Promise<PlanReport> {
    const { store, spawnInquiry, activity, dataDir } = this.#around;
    const choice = getEngineChoice(store);
    return askInquiry(
      spawnInquiry,
      {
        kind: 'plan',
        request: {
          ...request,
          settings: { ...request.settings },
          cacheDir: join(dataDir, 'cache'),
          memoryBudgetBytes: null,
          // Beside a run, a dry run would be slow and slow it down.
          dryRun: activity.current.length === 0,
          badRows: 'skip',
          engine: choice === 'auto' ? null : choice,
        },
      },
      { signal },
    );
  }

  #isBusy(projectId: number): boolean {
    return [...this.#running.keys()].some((key) => key.startsWith(`${projectId} `));
  }

  #tell(projectId: number, busy: boolean): void {
    this.#around.emit('settings.previewing', { projectId, busy });
  }
}

function toPreview(report: PlanReport, settings: TrainingSettings, freeDiskBytes: number | null): RunPreview {
  const { method, trainRows, steps, longestRowTokens, trainableParameters, estimate, budgetBytes, fits, time } = report;
  const { engine, device, backend, engineNotes } = report;
  const batchSize = settings.per_device_train_batch_size;
  const perEpoch = Math.max(1, Math.ceil(Math.ceil(trainRows / batchSize) / settings.gradient_accumulation_steps));
  return {
    method,
    trainRows,
    steps,
    epochs: steps / perEpoch,
    batchSize,
    gradientAccumulationSteps: settings.gradient_accumulation_steps,
    learningRate: settings.learning_rate,
    longestRowTokens,
    trainableParameters,
    computesOn: { engine, title: ENGINE_TITLES[engine], device, backend },
    engineNotes: [...engineNotes],
    memory: estimate,
    freeBytes: freemem(),
    budgetBytes,
    fits,
    diskBytes: STATES_KEPT * BYTES_PER_NUMBER * trainableParameters + BYTES_PER_ROW * trainRows,
    freeDiskBytes,
    seconds: time && { step: time.secondsPerStep, references: time.secondsReferences, total: time.secondsTotal },
  };
}
