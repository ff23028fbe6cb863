/** @file Which of the chosen runs can be measured together, and why the others can't. */
import { listAdapters } from '#store/adapters.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { getModel } from '#store/models.ts';
import type { Run, RunStatus } from '#store/runs.ts';
import type { Store } from '#store/store.ts';

export interface MeasurableRun {
  readonly runId: number;
  readonly name: string;
  readonly modelId: number;
  /** Absolute. */
  readonly adapterDir: string;
}

const STATES: Readonly<Record<Exclude<RunStatus, 'completed'>, string>> = {
  queued: 'It has not begun yet.',
  running: 'It is still running; it can be measured when it is completed.',
  paused: 'It is paused; it can be measured when it is completed.',
  interrupted: 'It was interrupted; resume it to the end to measure it.',
  stopped: 'It was stopped; resume it to the end to measure it.',
  failed: 'It failed, and left no adapter to measure.',
};

/** @returns what can be measured, or the reason why it can't as a sentence */
export function measurable(store: Store, run: Run): MeasurableRun | string {
  if (run.status !== 'completed') return STATES[run.status];
  const adapter = listAdapters(store, run.projectId).find(({ runId }) => runId === run.id);
  if (!adapter) return 'Its adapter is not there any more.';
  if (run.modelId === null) return 'Its base model was taken from the list. Choose it again in the step Model.';
  return { runId: run.id, name: run.name, modelId: run.modelId, adapterDir: fromStoredPath(store.folder, adapter.path) };
}

/** Those that can be measured and have the model of the first that can: log-probabilities of different models say nothing about each other. */
export function measurableTogether(store: Store, runs: readonly Run[]): MeasurableRun[] {
  const each = runs.map((run) => measurable(store, run)).filter((found) => typeof found !== 'string');
  return each.filter(({ modelId }) => modelId === each[0]?.modelId);
}

/** Why a run can't be measured beside those that are chosen; null if it can. */
export function problemOf(store: Store, run: Run, chosen: readonly Run[]): string | null {
  const found = measurable(store, run);
  if (typeof found === 'string') return found;
  const [first] = measurableTogether(store, chosen);
  if (!first || first.modelId === found.modelId) return null;
  const [own, theirs] = [found.modelId, first.modelId].map((id) => getModel(store, id)?.name ?? 'another model');
  return `It was made from ${own}, and ${first.name} from ${theirs}: log-probabilities of different models can't be compared.`;
}
