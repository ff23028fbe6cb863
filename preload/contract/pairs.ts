/**
 * @file From rows to what is trained on: pairs become examples, duplicates and contradictions are found and decided, prompts are held out,
 * labels are weighed, and a report says what there is.
 */
import { z } from 'zod';
import { DatasetName, Version, VersionId } from './datasets.ts';
import { request } from './define.ts';
import { ProjectId } from './projects.ts';
import { ShownRow } from './rows.ts';
import { TaskId } from './tasks.ts';

const Task = { task: TaskId };

export const ConflictDecision = z.enum(['first', 'second', 'neither']);
export type ConflictDecision = z.infer<typeof ConflictDecision>;

export const CleaningChoices = z.object({
  /** Rows that say the same again: merged into the first, or all trained on. */
  duplicates: z.enum(['merge', 'keep']),
  /** Whether rows that differ in case, space and punctuation only are the same. */
  compare: z.enum(['near', 'exact']),
  conflicts: z.enum(['neither', 'majority', 'ask']),
  emptyAnswers: z.enum(['leave-out', 'keep']),
  /** Of single conflicts, by key; they go before `conflicts`. */
  decisions: z.array(z.object({ key: z.number(), decision: ConflictDecision })).max(10_000),
});
export type CleaningChoices = z.infer<typeof CleaningChoices>;

/** One answer labelled both ways, or two answers of a prompt preferred both ways. */
export const Conflict = z.object({
  key: z.number(),
  /** How many rows say so, and the first that does; `first` is desirable. */
  first: z.object({ rows: z.int(), row: ShownRow }),
  second: z.object({ rows: z.int(), row: ShownRow }),
  /** Null while it is pending. */
  decision: ConflictDecision.nullable(),
});
export type Conflict = z.infer<typeof Conflict>;

export const Survey = z.object({
  rows: z.int(),
  kept: z.int(),
  counts: z.object({
    mergedExact: z.int(),
    mergedNear: z.int(),
    emptyAnswer: z.int(),
    sameAnswers: z.int(),
    conflict: z.int(),
    pending: z.int(),
  }),
  conflictCount: z.int(),
  /** The first ones, pending ones before all others. */
  conflicts: z.array(Conflict),
  /** Rows that most others repeat. */
  mostRepeated: z.array(z.object({ rows: z.int(), row: ShownRow })),
});
export type Survey = z.infer<typeof Survey>;

const SideSize = z.object({ rows: z.int(), prompts: z.int(), desirable: z.int(), undesirable: z.int() });

export const MadeSplit = z.object({
  id: z.int(),
  train: SideSize,
  heldOut: SideSize,
  /** Nearly the same as prompts on both sides. */
  leftOut: SideSize,
  /** Prompts that were kept together with another one. */
  nearIdenticalPrompts: z.int(),
  /** Some of them, side by side. */
  nearPrompts: z.array(z.object({ first: z.string(), second: z.string(), similarity: z.number() })),
  /** Earlier rows stayed on their sides. */
  keptSides: z.boolean(),
});
export type MadeSplit = z.infer<typeof MadeSplit>;

/** As it was kept. */
export const Split = z.object({
  id: z.int(),
  trainCount: z.int(),
  heldOutCount: z.int(),
  leftOutCount: z.int(),
  /** Of the prompts; null if it was made otherwise. */
  ratio: z.number().nullable(),
  seed: z.int().nullable(),
});
export type Split = z.infer<typeof Split>;

const LabelCounts = z.object({ desirable: z.int(), undesirable: z.int() });

export const BalanceChoice = z.object({
  kind: z.enum(['leave', 'raise-weight', 'lower-weight', 'subsample']),
  desirableWeight: z.number(),
  undesirableWeight: z.number(),
  counts: LabelCounts,
  /** λ_D n_D / (λ_U n_U); null without undesirable examples. */
  ratio: z.number().nullable(),
  isAdvised: z.boolean(),
  /** What it does. */
  sentence: z.string(),
});
export type BalanceChoice = z.infer<typeof BalanceChoice>;

export const Balance = z.object({
  counts: LabelCounts,
  isBalanced: z.boolean(),
  choices: z.array(BalanceChoice),
  /** What the settings say now. */
  desirableWeight: z.number(),
  undesirableWeight: z.number(),
  mixing: z.object({ batchSize: z.int(), batches: z.int(), mixed: z.int(), possible: z.int(), reasons: z.array(z.string()) }),
});
export type Balance = z.infer<typeof Balance>;

const Lengths = z.object({
  count: z.int(),
  p5: z.number(),
  p50: z.number(),
  p95: z.number(),
  max: z.number(),
  bins: z.array(z.object({ from: z.number(), below: z.number().nullable(), count: z.int() })),
});
export type Lengths = z.infer<typeof Lengths>;

const Script = z.object({ script: z.string(), share: z.number() });

export const Report = z.object({
  rows: z.int(),
  distinctPrompts: z.int(),
  /** In characters. */
  promptLengths: Lengths,
  answerLengths: Lengths,
  promptScripts: z.array(Script),
  answerScripts: z.array(Script),
  repeatedPrompts: z.array(z.object({ text: z.string(), rows: z.int() })),
  /** By the characters of prompt and answers together, the longest first. */
  longest: z.array(z.object({ characters: z.int(), row: ShownRow })),
  /** Held-out prompts whose nearest trained-on prompt is the same, or nearly; null without a split. */
  leaks: z.object({ heldOutRows: z.int(), same: z.int(), near: z.int() }).nullable(),
});
export type Report = z.infer<typeof Report>;

const Part = { versionId: VersionId, splitId: z.int().positive().nullable() };

export const pairsRequests = {
  /** Two examples a pair, as a new dataset of the project. */
  'pairs.unpair': request(z.object({ ...Task, versionId: VersionId, name: DatasetName }), Version),
  'pairs.survey': request(z.object({ ...Task, versionId: VersionId, choices: CleaningChoices }), Survey),
  /** Null if all rows are kept. What is chosen for training goes over to the new version, without its split. */
  'pairs.clean': request(z.object({ ...Task, versionId: VersionId, choices: CleaningChoices }), Version.nullable()),
  /** Also chooses version and split for training. */
  'pairs.split': request(
    z.object({
      ...Task,
      projectId: ProjectId,
      versionId: VersionId,
      /** Of the prompts. */
      ratio: z.number().min(0).max(0.9),
      seed: z.int().nonnegative(),
      keepNearTogether: z.boolean(),
    }),
    MadeSplit,
  ),
  'pairs.getSplit': request(z.object({ splitId: z.int().positive() }), Split),
  /** Of examples only. */
  'pairs.balance': request(z.object({ projectId: ProjectId, ...Part }), Balance),
  /** Leaves out examples of the more frequent label: a new version, which is split anew in the same way and chosen for training. */
  'pairs.subsample': request(z.object({ ...Task, projectId: ProjectId, ...Part }), Version),
  'pairs.report': request(z.object({ ...Task, ...Part }), Report),
};
