/**
 * @file Runs side by side: which are compared and on which held-out pairs, what was measured of each, their answers to the same prompts, blind
 * votes on those, and a report of everything.
 */
import { z } from 'zod';
import { DatasetKind, DatasetName, Version } from './datasets.ts';
import { event, Nothing, request } from './define.ts';
import { AbsolutePath } from './files.ts';
import { ProjectId } from './projects.ts';
import { RunId, RunSummary } from './runs.ts';
import { TaskId } from './tasks.ts';

/** More colours than that can't be told apart. */
export const MOST_COMPARED = 6;

/** Pairs that runs are measured on: the held-out ones of a split, or all of a version. */
export const PairSource = z.object({ versionId: z.int().positive(), splitId: z.int().positive().nullable() });
export type PairSource = z.infer<typeof PairSource>;

/** How runs are measured, the same for all of them. */
export const MeasureSettings = z.object({
  /** Scales rewards. */
  beta: z.number('beta must be a number above 0.').positive('beta must be a number above 0.').max(100, 'beta is at most 100.'),
  /** Prompt and answer together are cut to this many tokens; null: to what the model reads. */
  maxLength: z.int().min(2, 'At least 2 tokens.').nullable(),
  /** Of drawn answers. */
  seed: z
    .int()
    .nonnegative()
    .max(2 ** 32 - 1),
  /** Pairs that are scored, from the first on. */
  mostPairs: z.int().min(2).max(5000),
  /** Prompts answered to measure length, variety and KL; 0 for none. */
  answers: z.int().nonnegative().max(256),
  /** The longest such an answer may become. */
  maxNewTokens: z.int().positive().max(1024),
  /** Prompts whose answers are read side by side and voted on, from the first held-out one on. */
  prompts: z.int().positive().max(500),
  /** The longest such an answer may become. */
  answerTokens: z.int().positive().max(2048),
  temperature: z.number().positive().max(5),
});
export type MeasureSettings = z.infer<typeof MeasureSettings>;

const OfProject = z.object({ projectId: ProjectId });

export const Candidate = z.object({
  run: RunSummary,
  /** Why it can't be measured beside the chosen ones, a sentence; its curve and settings can be compared even so. */
  problem: z.string().nullable(),
  /** The run that was started together with it, by the other method. */
  partnerId: RunId.nullable(),
});
export type Candidate = z.infer<typeof Candidate>;

export const OfferedPairs = PairSource.extend({
  name: z.string(),
  pairs: z.int(),
  /** What to bear in mind, a sentence: a chosen run was trained on them. */
  note: z.string().nullable(),
});
export type OfferedPairs = z.infer<typeof OfferedPairs>;

export const Comparison = z.object({
  /** All runs that have begun, the newest first. */
  candidates: z.array(Candidate),
  /** The oldest first: the order of columns and colours. */
  chosen: z.array(RunId),
  offered: z.array(OfferedPairs),
  /** Null if there is none. */
  pairs: PairSource.nullable(),
  settings: MeasureSettings,
});
export type Comparison = z.infer<typeof Comparison>;

/** Null is no number: there are too few cases for an interval. */
export const ShownEstimate = z.object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() });
export type ShownEstimate = z.infer<typeof ShownEstimate>;

export const ComparedFigure = z.object({
  /** TRL's name where it has one. */
  key: z.string(),
  label: z.string(),
  /** Null where it says nothing about the base model. */
  base: ShownEstimate.nullable(),
  /** In the order of the runs; null if not measured. */
  runs: z.array(ShownEstimate.nullable()),
});
export type ComparedFigure = z.infer<typeof ComparedFigure>;

export const Measured = z.object({
  /** That can be measured together, in their order. */
  runIds: z.array(RunId),
  /** Pairs that are scored, and prompts that are answered to measure length, variety and KL. */
  pairCount: z.int(),
  answerCount: z.int(),
  /** Empty before anything was measured. */
  figures: z.array(ComparedFigure),
  /** In plain words; null before two runs were measured. */
  verdict: z.object({ text: z.string(), betterId: RunId.nullable() }).nullable(),
  /** Models (the base model counts) that were not measured yet in this way. */
  missing: z.int(),
});
export type Measured = z.infer<typeof Measured>;

export const ShownAnswer = z.object({
  /** Null where the prompt leaves the model no room for an answer. */
  text: z.string().nullable(),
  tokens: z.int(),
  /** It ended by itself; else it was cut at the limit. */
  isWhole: z.boolean(),
});
export type ShownAnswer = z.infer<typeof ShownAnswer>;

export const SideBySide = z.object({
  runIds: z.array(RunId),
  prompts: z.array(
    z.object({
      prompt: z.string(),
      base: ShownAnswer.nullable(),
      /** In the order of the runs; null if it was not asked yet. */
      runs: z.array(ShownAnswer.nullable()),
    }),
  ),
  /** Answers that are not there yet. */
  missing: z.int(),
  /** Different prompts of the pairs that are not among these. */
  more: z.int(),
});
export type SideBySide = z.infer<typeof SideBySide>;

export const SettingDifference = z.object({
  name: z.string(),
  /** In the order of the runs; null where it does not apply. */
  values: z.array(z.string().nullable()).readonly(),
  differs: z.boolean(),
});
export type SettingDifference = z.infer<typeof SettingDifference>;

/** Two that are voted on; null is the base model. */
export const Contest = z.object({ projectId: ProjectId, firstId: RunId, secondId: RunId.nullable() });
export type Contest = z.infer<typeof Contest>;

export const VoteChoice = z.enum(['left', 'right', 'equal']);
export type VoteChoice = z.infer<typeof VoteChoice>;

/** What the votes came to, with names. */
export const Tally = z.object({
  firstWins: z.int(),
  secondWins: z.int(),
  equal: z.int(),
  /** Of the votes that were not equal, those for the first; null if there are none. */
  share: ShownEstimate.nullable(),
  /** In plain words, with the interval, and whether it is within noise. */
  text: z.string(),
  /** Votes with a better answer that are no row yet: of a dataset of pairs, and of one of examples. */
  unsaved: z.object({ pair: z.int(), example: z.int() }),
});
export type Tally = z.infer<typeof Tally>;

export const Voting = z.object({
  /** What is to be voted on; null at the end. Whose answer is on which side is not told. */
  open: z.object({ key: z.string(), prompt: z.string(), left: z.string(), right: z.string() }).nullable(),
  /** Of the prompts that are there. */
  voted: z.int(),
  total: z.int(),
  /** Prompts that both answered to the letter alike, which are not asked. */
  alike: z.int(),
  canTakeBack: z.boolean(),
  /** Null until the end, or until it is asked for. */
  tally: Tally.nullable(),
});
export type Voting = z.infer<typeof Voting>;

export const ReportFormat = z.enum(['html', 'csv', 'json']);
export type ReportFormat = z.infer<typeof ReportFormat>;

export const ComparisonChanges = z.object({
  runIds: z
    .array(RunId)
    .max(MOST_COMPARED, `At most ${MOST_COMPARED} runs are compared.`)
    .refine((ids) => new Set(ids).size === ids.length, 'Each run once.')
    .optional(),
  pairs: PairSource.optional(),
  settings: MeasureSettings.partial().optional(),
});
export type ComparisonChanges = z.infer<typeof ComparisonChanges>;

export const comparisonsRequests = {
  'comparisons.get': request(OfProject, Comparison),
  /** What is left out stays as it is. */
  'comparisons.choose': request(z.object({ projectId: ProjectId, changes: ComparisonChanges }), Comparison),
  /** Chooses a run, with the one that was started together with it; those chosen before stay where it has none. */
  'comparisons.add': request(z.object({ projectId: ProjectId, runId: RunId }), Comparison),
  /** The completed run that was started together with this one, if both are completed. */
  'comparisons.findPartner': request(z.object({ runId: RunId }), RunId.nullable()),
  /** Of the chosen runs, those that differ first. */
  'comparisons.readSettings': request(z.object({ runIds: z.array(RunId).max(MOST_COMPARED) }), z.array(SettingDifference)),
  /** What is known already; nothing is computed. */
  'comparisons.read': request(OfProject, Measured),
  /** Measures what is missing, in processes of its own; what was measured before it is cancelled is kept. */
  'comparisons.measure': request(z.object({ task: TaskId, projectId: ProjectId }), Measured),
  'comparisons.listAnswers': request(OfProject, SideBySide),
  'comparisons.answer': request(z.object({ task: TaskId, projectId: ProjectId }), SideBySide),
  /** @param reveal - whether to tell names before the end */
  'comparisons.getVoting': request(Contest.extend({ reveal: z.boolean() }), Voting),
  'comparisons.vote': request(Contest.extend({ key: z.string().max(64), choice: VoteChoice }), Voting),
  /** The last vote is asked again. */
  'comparisons.takeBack': request(Contest, Voting),
  /** The better answers as rows of a new dataset, or more rows of the one of that name: chosen and rejected, or one example each. */
  'comparisons.saveVotes': request(Contest.extend({ kind: DatasetKind, name: DatasetName }), z.object({ version: Version, rows: z.int() })),
  /** As a text, for a window that saves it by itself. */
  'comparisons.report': request(
    z.object({ projectId: ProjectId, format: ReportFormat }),
    z.object({ fileName: z.string(), text: z.string() }),
  ),
  /** In place of a file of that name: the dialog has asked about it. */
  'comparisons.saveReport': request(z.object({ projectId: ProjectId, format: ReportFormat, path: AbsolutePath }), Nothing),
};

export const comparisonsEvents = {
  'comparisons.changed': event(OfProject),
};
