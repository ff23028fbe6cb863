/** @file What was chosen in a project's steps for its next run. Every step writes its own part; training reads them all. */
import { z } from 'zod';
import { event, request } from './define.ts';
import { AbsolutePath } from './files.ts';
import { ProbePrompts } from './probe-prompts.ts';
import { ProjectId } from './projects.ts';

/** What is trained on. */
export const DataChoice = z.object({
  /** Of a dataset: its rows can't change any more. */
  versionId: z.int().positive(),
  /** Which of them are held out; null: the settings' `eval_ratio` says how many. */
  splitId: z.int().positive().nullable(),
});
export type DataChoice = z.infer<typeof DataChoice>;

/** Settings under their standard names, and only those that differ from their defaults; the method is chosen by itself. */
export const GivenSettings = z.record(z.string(), z.json());
export type GivenSettings = z.infer<typeof GivenSettings>;

/** KTO, DPO, or both for comparison. */
export const Methods = z
  .array(z.enum(['kto', 'dpo']))
  .min(1, 'Choose KTO, DPO or both.')
  .max(2)
  .readonly();
export type Methods = z.infer<typeof Methods>;

/** Every part has a default, so that older stores can be read. */
export const Choices = z.object({
  data: DataChoice.nullable().default(null),
  /** Absolute path of a Hugging Face model folder. */
  modelFolder: z.string().nullable().default(null),
  /** The adapter that training goes on from; null: a fresh one. */
  adapterId: z.int().positive().nullable().default(null),
  /** One run each, on the same rows. */
  methods: Methods.default(['kto']),
  settings: GivenSettings.default({}),
  /** What runs are asked at every evaluation; null: what is proposed. */
  probePrompts: ProbePrompts.nullable().default(null),
});
export type Choices = z.infer<typeof Choices>;

/** What is left out stays as it is; settings and prompts are replaced as a whole. */
export const ChoiceChanges = z.object({
  data: DataChoice.nullable().optional(),
  modelFolder: AbsolutePath.nullable().optional(),
  adapterId: z.int().positive().nullable().optional(),
  methods: Methods.optional(),
  settings: GivenSettings.optional(),
  probePrompts: ProbePrompts.nullable().optional(),
});
export type ChoiceChanges = z.infer<typeof ChoiceChanges>;

export const choicesRequests = {
  'choices.get': request(z.object({ projectId: ProjectId }), Choices),
  'choices.set': request(z.object({ projectId: ProjectId, changes: ChoiceChanges }), Choices),
};

export const choicesEvents = {
  'choices.changed': event(z.object({ projectId: ProjectId })),
};
