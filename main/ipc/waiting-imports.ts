/** @file Imports that found bad rows and wait for a person's decision; kept here, so that any window can make it, also one that was reloaded. */
import { OutputBusyError } from '#contract/errors.ts';
import type { BadRows } from '#datasets/bad-row-list.ts';
import type { BadRowDecision } from '#datasets/import-dataset.ts';

export interface WaitingImport {
  readonly task: string;
  readonly projectId: number;
  /** Names. */
  readonly files: readonly string[];
  readonly found: BadRows;
  /** That wait with them. */
  readonly goodRows: number;
}

export class WaitingImports {
  readonly #waiting = new Map<string, WaitingImport & { readonly decide: (decision: BadRowDecision) => void }>();

  /** @returns the decision; call {@link forget} however the import ends */
  wait(waiting: WaitingImport): Promise<BadRowDecision> {
    const { promise, resolve } = Promise.withResolvers<BadRowDecision>();
    this.#waiting.set(waiting.task, { ...waiting, decide: resolve });
    return promise;
  }

  list(projectId: number): readonly WaitingImport[] {
    return [...this.#waiting.values()].filter((waiting) => waiting.projectId === projectId);
  }

  /** @throws {OutputBusyError} if it does not wait (any more) */
  require(task: string): WaitingImport & { readonly decide: (decision: BadRowDecision) => void } {
    const waiting = this.#waiting.get(task);
    if (waiting) return waiting;
    throw new OutputBusyError('This import does not wait any more: it was decided in another window, or cancelled.', { folder: '' });
  }

  forget(task: string): void {
    this.#waiting.delete(task);
  }
}
