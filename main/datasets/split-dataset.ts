/** @file Divides a version into training and held-out rows by prompt, and keeps earlier rows on their sides. */
import { CancelledError } from '#contract/errors.ts';
import { textKeyOf, promptContent } from '#engine/data/similarity/row-words.ts';
import { EVALUATION, LEFT_OUT, TRAIN, type PromptAssignments } from '#engine/data/split/prompt-assignments.ts';
import type { EvaluationSize, SplitPlan } from '#engine/data/split/split-plan.ts';
import { SplitPlanner } from '#engine/data/split/split-planner.ts';
import { listVersions, requireVersion } from '#store/datasets.ts';
import { createSplit, listSplits, readSides, type Split } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { walkRows } from './walk-rows.ts';
import type { WorkOptions } from './work-progress.ts';

export interface SplitRequest {
  readonly versionId: number;
  readonly name?: string;
  readonly seed: number;
  readonly evaluation: EvaluationSize;
  /** false: only prompts that are equal after normalisation are kept together. Default true. */
  readonly keepNearTogether?: boolean;
  /** Keep the prompts of the newest split of an earlier version on their sides. Default true. */
  readonly keepSides?: boolean;
}

export interface SplitOutcome {
  readonly split: Split;
  /** Sizes, labels and prompts that were found nearly the same. */
  readonly plan: Omit<SplitPlan, 'sides' | 'assignments'>;
  /** The split whose sides were kept; null if there was none. */
  readonly basedOn: Split | null;
}

export type SplitStage = 'reading earlier sides' | 'comparing prompts';

/**
 * @throws {SettingsError} if the size can't be
 * @throws {StoreError} `not-found`
 * @throws {CancelledError} nothing is written then
 */
export async function splitDataset(store: Store, request: SplitRequest, options: WorkOptions<SplitStage> = {}): Promise<SplitOutcome> {
  const { versionId, name = 'default', seed, evaluation, keepNearTogether = true, keepSides = true } = request;
  const basedOn = keepSides ? earlierSplit(store, versionId) : null;
  const previous = basedOn === null ? null : await sidesOf(store, basedOn, options);
  const planner = new SplitPlanner({ seed, evaluation, previous, keepNearTogether });
  for await (const batch of walkRows(store, versionId, { stage: 'comparing prompts', options }))
    for (const { row } of batch) planner.add(row);
  if (options.signal?.aborted === true) throw new CancelledError();
  const { sides, assignments: _assignments, ...plan } = planner.result();
  const settings = { seed, evaluation, keepNearTogether, basedOn: basedOn?.id ?? null };
  const leftOut = plan.leftOut.rows === 0 ? null : bitsOf(sides, LEFT_OUT);
  const split = createSplit(store, { versionId, name, settings, heldOut: bitsOf(sides, EVALUATION), leftOut });
  return { split, plan, basedOn };
}

/** The newest split of the newest version before this one that has any. */
function earlierSplit(store: Store, versionId: number): Split | null {
  const { datasetId, number } = requireVersion(store, versionId);
  const earlier = listVersions(store, datasetId).filter((version) => version.number < number);
  for (const { id } of earlier.toReversed()) {
    const split = listSplits(store, id).at(-1);
    if (split) return split;
  }
  return null;
}

/** Computed from the rows, which never change, instead of being kept: 9 bytes a prompt while it is needed. */
async function sidesOf(store: Store, split: Split, options: WorkOptions<SplitStage>): Promise<PromptAssignments> {
  const { partOf } = readSides(store, split.id);
  const sides = new Map<number, number>();
  for await (const batch of walkRows(store, split.versionId, { stage: 'reading earlier sides', options })) {
    for (const { row, index } of batch) {
      const part = partOf(index);
      if (part !== 'left-out') sides.set(textKeyOf(promptContent(row)), part === 'held-out' ? EVALUATION : TRAIN);
    }
  }
  const keys = Float64Array.from(sides.keys()).sort();
  return { keys, sides: Uint8Array.from(keys, (key) => sides.get(key) ?? TRAIN) };
}

function bitsOf(sides: Uint8Array, side: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(sides.length / 8));
  sides.forEach((of, index) => {
    if (of === side) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  });
  return bits;
}
