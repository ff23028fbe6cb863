/** @file How a dataset is divided into training and evaluation. */
import type { PromptAssignments } from './prompt-assignments.ts';

/** A share of the prompts (0 … below 1) or their number; rounded so that a prompt stays on each side where there are two. */
export type EvaluationSize = { readonly ratio: number } | { readonly prompts: number };

export interface SplitOptions {
  readonly seed: number;
  readonly evaluation: EvaluationSize;
  /** Sides that were given before; their prompts are never moved. */
  readonly previous?: PromptAssignments | null;
  /** false: only prompts that are equal after normalisation are kept together. Default true. */
  readonly keepNearTogether?: boolean;
}

export interface SideSize {
  readonly rows: number;
  readonly prompts: number;
  /** Of examples; pairs have neither label. */
  readonly desirable: number;
  readonly undesirable: number;
}

/** Two prompts that were found nearly the same; rows by index, from 0, in the order they were added. */
export interface NearPrompts {
  readonly firstIndex: number;
  readonly secondIndex: number;
  /** Estimated Jaccard similarity of their pairs of neighbouring words. */
  readonly similarity: number;
}

export interface SplitPlan {
  /** Per row, in the order they were added: `TRAIN`, `EVALUATION` or `LEFT_OUT`. */
  readonly sides: Uint8Array;
  readonly train: SideSize;
  readonly evaluation: SideSize;
  /** Prompts nearly the same as settled prompts on both sides: on either they would leak. Only with `previous`. */
  readonly leftOut: SideSize;
  /** Groups of prompts that have to stay together, and the prompts of the largest. */
  readonly clusters: number;
  readonly largestCluster: number;
  /** Prompts that share a cluster with another one. */
  readonly nearIdenticalPrompts: number;
  /** Some of them. */
  readonly nearPrompts: readonly NearPrompts[];
  /** To be passed as `previous` when rows are added; holds the earlier ones too. */
  readonly assignments: PromptAssignments;
}
