/** @file Divides rows into training and evaluation by prompt, so that what is evaluated was never trained on. */
import { SettingsError } from '#contract/errors.ts';
import type { Row } from '#engine/data/row.ts';
import { nearClusters } from '#engine/data/similarity/near-identical.ts';
import type { NearClusters } from '#engine/data/similarity/near-identical.ts';
import { chooseClusters } from './choose-clusters.ts';
import { tableOfClusters, WAS_EVALUATION, WAS_TRAIN } from './cluster-table.ts';
import type { ClusterTable } from './cluster-table.ts';
import { EVALUATION, LEFT_OUT, mergeAssignments, sideOfPrompt, TRAIN } from './prompt-assignments.ts';
import type { PromptAssignments } from './prompt-assignments.ts';
import { PromptTable } from './prompt-table.ts';
import type { EvaluationSize, NearPrompts, SideSize, SplitOptions, SplitPlan } from './split-plan.ts';

const NOTHING: PromptAssignments = { keys: new Float64Array(0), sides: new Uint8Array(0) };

/**
 * Add every row, then ask for the plan; the texts are not kept. Prompts that are equal after normalisation, or nearly identical, form a
 * cluster and stay on one side. Which clusters are evaluated follows from the seed and the prompts alone, not from the order of rows,
 * and both sides get about the same share of desirable examples.
 *
 * Prompts of `previous` never move. A new prompt joins the side of the settled prompts in its cluster, and is left out of both if they are
 * on both. Without `previous`, rows that are added later may move prompts at the edge of the quota, so pass it where that matters.
 */
export class SplitPlanner {
  readonly #options: SplitOptions;
  readonly #previous: PromptAssignments;
  readonly #table = new PromptTable();

  /** @throws {SettingsError} if the size is not a ratio of 0 … below 1 or a whole number of prompts */
  constructor(options: SplitOptions) {
    checkSize(options.evaluation);
    this.#options = options;
    this.#previous = options.previous ?? NOTHING;
  }

  add(row: Row): void {
    this.#table.add(row);
  }

  /** Takes O(prompts · log prompts). */
  result(): SplitPlan {
    const table = this.#table;
    const order = table.byKey();
    const near = this.#nearClusters(order);
    const clusters = tableOfClusters({ table, order, roots: near.roots, seed: this.#options.seed, previous: this.#previous });
    const sideOf = this.#sidesOfPrompts(clusters);
    return {
      sides: Uint8Array.from(table.promptOfRow.view(), (prompt) => sideOf[prompt] as number),
      train: this.#size(sideOf, TRAIN),
      evaluation: this.#size(sideOf, EVALUATION),
      leftOut: this.#size(sideOf, LEFT_OUT),
      clusters: clusters.prompts.length,
      largestCluster: clusters.prompts.reduce((most, count) => Math.max(most, count), 0),
      nearIdenticalPrompts: clusters.prompts.reduce((all, count) => all + (count > 1 ? count : 0), 0),
      nearPrompts: this.#nearPrompts(near),
      assignments: mergeAssignments(this.#previous, {
        keys: Float64Array.from(order, (prompt) => table.keys.at(prompt)),
        sides: Uint8Array.from(order, (prompt) => sideOf[prompt] as number),
      }),
    };
  }

  #nearClusters(order: Uint32Array): NearClusters {
    if (this.#options.keepNearTogether ?? true) return nearClusters(this.#table.sketches, order);
    return { roots: Int32Array.from(order.keys()), joined: [] };
  }

  #sidesOfPrompts(clusters: ClusterTable): Uint8Array {
    const sideOfCluster = Uint8Array.from(clusters.settled, (bits) => {
      if (bits === (WAS_TRAIN | WAS_EVALUATION)) return LEFT_OUT;
      return bits === WAS_EVALUATION ? EVALUATION : TRAIN;
    });
    const wanted = wantedPrompts(this.#options.evaluation, clusters.clusterOf.length);
    for (const cluster of chooseClusters(clusters, wanted)) sideOfCluster[cluster] = EVALUATION;
    return Uint8Array.from(
      clusters.clusterOf,
      (cluster, prompt) => sideOfPrompt(this.#previous, this.#table.keys.at(prompt)) ?? (sideOfCluster[cluster] as number),
    );
  }

  #size(sideOf: Uint8Array, side: number): SideSize {
    const { rows, desirable, undesirable } = this.#table;
    const size = { rows: 0, prompts: 0, desirable: 0, undesirable: 0 };
    sideOf.forEach((of, prompt) => {
      if (of !== side) return;
      size.prompts++;
      size.rows += rows.at(prompt);
      size.desirable += desirable.at(prompt);
      size.undesirable += undesirable.at(prompt);
    });
    return size;
  }

  #nearPrompts({ joined }: NearClusters): NearPrompts[] {
    return joined.map(({ first, second, similarity }) => {
      const indices = [this.#table.firstRows.at(first), this.#table.firstRows.at(second)];
      return { firstIndex: Math.min(...indices), secondIndex: Math.max(...indices), similarity };
    });
  }
}

function checkSize(size: EvaluationSize): void {
  if ('ratio' in size && !(size.ratio >= 0 && size.ratio < 1)) {
    throw new SettingsError(`The share of prompts for evaluation must be at least 0 and below 1; got ${size.ratio}.`, {
      field: 'eval_ratio',
    });
  }
  if ('prompts' in size && !(Number.isInteger(size.prompts) && size.prompts >= 0)) {
    throw new SettingsError(`The number of prompts for evaluation must be a whole number of 0 or more; got ${size.prompts}.`, {
      field: 'eval_prompts',
    });
  }
}

/** At least one prompt on each side, unless nothing is asked for or there is one prompt only. */
function wantedPrompts(size: EvaluationSize, prompts: number): number {
  const asked = 'ratio' in size ? size.ratio * prompts : size.prompts;
  if (asked === 0 || prompts < 2) return 0;
  return Math.min(Math.max(1, Math.round(asked)), prompts - 1);
}
