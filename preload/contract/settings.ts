/** @file The settings of a project's next run: what there is to set, whether it can work, and what the run will need. */
import { z } from 'zod';
import { GivenSettings, Methods } from './choices.ts';
import { event, Nothing, request } from './define.ts';
import { ComputesOn } from './engines.ts';
import { ProjectId } from './projects.ts';

export const SettingValue = z.union([z.number(), z.string(), z.boolean(), z.null(), z.array(z.string()).readonly()]);
export type SettingValue = z.infer<typeof SettingValue>;

/** One setting, as a form shows it. */
export const SettingField = z.object({
  /** The name in TRL, PEFT or Transformers. */
  key: z.string(),
  label: z.string(),
  /** One plain sentence. */
  sentence: z.string(),
  /** An interval is a whole number of steps, or below 1 a share of the run. */
  kind: z.enum(['number', 'integer', 'interval', 'choice', 'flag', 'modules']),
  default: SettingValue,
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** What a value must be, to stand after "must be". */
  allowed: z.string(),
  /** For a choice. */
  values: z.array(z.string()).readonly().nullable(),
  /** null is a value too. */
  nullable: z.boolean(),
  appliesTo: z.enum(['kto', 'dpo', 'both']),
  /** One of the few that matter most. */
  isSimple: z.boolean(),
  group: z.enum(['loss', 'optimizer', 'loop', 'adapter']),
});
export type SettingField = z.infer<typeof SettingField>;

export const Preset = z.object({
  name: z.string(),
  label: z.string(),
  sentence: z.string(),
  settings: GivenSettings,
});
export type Preset = z.infer<typeof Preset>;

/** What a button beside a setting changes. */
export const SettingFix = z.object({ label: z.string(), changes: z.record(z.string(), SettingValue) });
export type SettingFix = z.infer<typeof SettingFix>;

/** Something to say about a setting: an error, or advice. */
export const SettingRemark = z.object({ field: z.string(), text: z.string(), fix: SettingFix.nullable() });
export type SettingRemark = z.infer<typeof SettingRemark>;

export const SettingsCheck = z.object({
  /** Why no run can be started with them; null if one can. */
  problem: SettingRemark.nullable(),
  warnings: z.array(SettingRemark),
  /** All of them, with the defaults of the first method; null where there is a problem. */
  resolved: z.record(z.string(), SettingValue).nullable(),
});
export type SettingsCheck = z.infer<typeof SettingsCheck>;

/** Bytes. */
export const MemoryNeed = z.object({
  total: z.number(),
  weights: z.number(),
  activations: z.number(),
  adapter: z.number(),
  rows: z.number(),
  runtime: z.number(),
});

/** What a run will need, before anything starts. */
export const RunPreview = z.object({
  method: z.enum(['kto', 'dpo']),
  trainRows: z.number(),
  steps: z.number(),
  epochs: z.number(),
  batchSize: z.number(),
  gradientAccumulationSteps: z.number(),
  learningRate: z.number(),
  longestRowTokens: z.number(),
  trainableParameters: z.number(),
  computesOn: ComputesOn,
  /** Why it is not the engine that was to be expected, as sentences. */
  engineNotes: z.array(z.string()),
  memory: MemoryNeed,
  freeBytes: z.number(),
  budgetBytes: z.number(),
  fits: z.boolean(),
  /** Checkpoints, rows and, at the first use of a model, a copy of its weights. */
  diskBytes: z.number(),
  freeDiskBytes: z.number().nullable(),
  /** Measured by a step; null while another run is under way, which would make it wrong. */
  seconds: z.object({ step: z.number(), references: z.number(), total: z.number() }).nullable(),
});
export type RunPreview = z.infer<typeof RunPreview>;

export const settingsRequests = {
  'settings.describe': request(Nothing, z.object({ fields: z.array(SettingField), presets: z.array(Preset) })),
  /** What would be said if these were chosen for the project; nothing is kept. */
  'settings.check': request(z.object({ projectId: ProjectId, methods: Methods, settings: GivenSettings }), SettingsCheck),
  /**
   * By what the project has chosen, for one of its methods; null while it has no data or no model. Asking again ends what was asked before.
   */
  'settings.preview': request(z.object({ projectId: ProjectId, method: z.enum(['kto', 'dpo']) }), RunPreview.nullable()),
};

export const settingsEvents = {
  'settings.previewing': event(z.object({ projectId: ProjectId, busy: z.boolean() })),
};
