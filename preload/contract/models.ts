/** @file Base models: which a person has used, what a folder holds, and how long the rows of a project are in its tokens. */
import { z } from 'zod';
import { event, Nothing, request } from './define.ts';
import { AbsolutePath } from './files.ts';
import { ProjectId } from './projects.ts';

export const ModelShape = z.object({
  layers: z.number(),
  hiddenSize: z.number(),
  attentionHeads: z.number(),
  keyValueHeads: z.number(),
  headDim: z.number(),
  vocabulary: z.number(),
  contextTokens: z.number(),
});

export const ModelReport = z.object({
  dir: z.string(),
  /** Why it can't be trained: a sentence that says what to do; null if it can. */
  problem: z.string().nullable(),
  /** Like `LlamaForCausalLM`. */
  architecture: z.string().nullable(),
  shape: ModelShape.nullable(),
  parameters: z.number().nullable(),
  /** Bytes of memory its weights take while they are used. */
  mappedBytes: z.number().nullable(),
  /** What a LoRA adapter can be attached to. */
  linearModules: z.array(z.string()).readonly(),
  weightFiles: z.number(),
  diskBytes: z.number(),
  /** Bytes by safetensors type, such as BF16. */
  bytesByDtype: z.record(z.string(), z.number()),
  /** Of the float32 copy that the first use makes; 0 if none is needed. */
  copyBytes: z.number().nullable(),
  tokenizer: z.object({
    /** Why it can't be used; null if it can. */
    problem: z.string().nullable(),
    vocabulary: z.number().nullable(),
    hasChatTemplate: z.boolean(),
  }),
  licence: z.object({ name: z.string(), file: z.string() }).nullable(),
});
export type ModelReport = z.infer<typeof ModelReport>;

/** A model that was used before, or comes with Prospect. */
export const KnownModel = z.object({
  folder: z.string(),
  name: z.string(),
  architecture: z.string().nullable(),
  parameters: z.number().nullable(),
  licence: z.string().nullable(),
  /** False if its folder is not there (any more). */
  isThere: z.boolean(),
  isSample: z.boolean(),
});
export type KnownModel = z.infer<typeof KnownModel>;

/** Tokens; percentiles are lengths that occur. */
export const LengthSummary = z.object({
  count: z.number(),
  mean: z.number(),
  min: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
  /** `below` is null in the last, which holds the tail. */
  bins: z.array(z.object({ from: z.number(), below: z.number().nullable(), count: z.number() })).readonly(),
});
export type LengthSummary = z.infer<typeof LengthSummary>;

/** `[tokens, rows]`, the shortest first. */
export const LengthCounts = z.array(z.tuple([z.number(), z.number()]).readonly()).readonly();
export type LengthCounts = z.infer<typeof LengthCounts>;

/** How long the rows that would be trained on are; of a pair the longer answer counts. */
export const LengthReport = z.object({
  rows: z.number(),
  sequence: LengthSummary,
  prompt: LengthSummary,
  answer: LengthSummary,
  sequenceCounts: LengthCounts,
  promptCounts: LengthCounts,
  uncounted: z.number(),
  firstProblem: z.string().nullable(),
});
export type LengthReport = z.infer<typeof LengthReport>;

const OfProject = z.object({ projectId: ProjectId });

export const modelsRequests = {
  /** Last used first. */
  'models.list': request(Nothing, z.array(KnownModel)),
  /** Reads headers, no weights. */
  'models.inspect': request(z.object({ folder: AbsolutePath }), ModelReport),
  /** The same, and the project uses it from now on, unless it has a problem. */
  'models.choose': request(z.object({ projectId: ProjectId, folder: AbsolutePath }), ModelReport),
  /** Takes it from the list; its files stay. */
  'models.forget': request(z.object({ folder: AbsolutePath }), Nothing),
  /** Null while the project has no data or no model. Counted once, then remembered. */
  'models.measureLengths': request(OfProject, LengthReport.nullable()),
  'models.stopMeasuring': request(OfProject, Nothing),
};

export const modelsEvents = {
  'models.changed': event(Nothing),
  'models.measuring': event(z.object({ projectId: ProjectId, rowsDone: z.number(), rowsTotal: z.number() })),
};
