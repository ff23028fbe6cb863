/** @file The playground of a project: a base model in llama.cpp, in a process of its own, with the project's adapters beside it. */
import { z } from 'zod';
import { AdapterId } from './adapters.ts';
import { event, Nothing, request } from './define.ts';
import { ProjectId } from './projects.ts';
import { TaskId } from './tasks.ts';

/** How the weights are kept in memory; Q8_0 needs half as much as F16 and rounds a little more. */
export const PlaygroundWeights = z.enum(['Q8_0', 'F16']);
export type PlaygroundWeights = z.infer<typeof PlaygroundWeights>;

const ContextTokens = z.int().min(64, 'A context has at least 64 tokens.').max(1_048_576, 'No model has seen that many tokens.').nullable();

/** For all projects; every one has a default, so that older stores can be read. They count when a model is opened. */
export const PlaygroundOptions = z.object({
  weights: PlaygroundWeights.default('Q8_0'),
  /** Even where there is a graphics card. */
  processorOnly: z.boolean().default(false),
  /** Null for the model's own, at most 4096. */
  contextTokens: ContextTokens.default(null),
});
export type PlaygroundOptions = z.infer<typeof PlaygroundOptions>;

const PlaygroundOptionChanges = z.object({
  weights: PlaygroundWeights.optional(),
  processorOnly: z.boolean().optional(),
  contextTokens: ContextTokens.optional(),
});

/** A base model that adapters of the project were made for. */
export const PlaygroundModel = z.object({ id: z.int(), name: z.string(), isThere: z.boolean() });
export type PlaygroundModel = z.infer<typeof PlaygroundModel>;

/** What is known of a model while it is open. */
export const OpenPlayground = z.object({
  modelId: z.int(),
  /** "CPU", or the graphics card's name. */
  device: z.string(),
  weights: PlaygroundWeights,
  contextTokens: z.int(),
  /** Without one, a question is gone on with as it is, and nothing is remembered. */
  hasChatTemplate: z.boolean(),
  /** What a person should know. */
  notes: z.array(z.string()),
});
export type OpenPlayground = z.infer<typeof OpenPlayground>;

export const Playground = z.object({
  phase: z.enum(['closed', 'opening', 'open']),
  /** Why it is closed, where a person did not close it: a run took the memory, or its process ended. */
  closed: z.object({ kind: z.enum(['run', 'crashed']), text: z.string() }).nullable(),
  open: OpenPlayground.nullable(),
  /** The newest first; it is what is opened if nothing is said. */
  models: z.array(PlaygroundModel),
  options: PlaygroundOptions,
  /** A run under way, beside which a model would need memory. */
  training: z.string().nullable(),
});
export type Playground = z.infer<typeof Playground>;

/** What an adapter changes of what the base model says of fixed texts. */
export const AdapterCheck = z.object({
  changes: z.enum(['nothing', 'hardly', 'something']),
  /** Nats, the largest over all tokens. */
  largestGap: z.number(),
  tokens: z.int(),
});
export type AdapterCheck = z.infer<typeof AdapterCheck>;

const OfProject = z.object({ projectId: ProjectId });

export const playgroundRequests = {
  'playground.get': request(OfProject, Playground),
  /** Converts the model at its first use, and compares it with the engine once, before it is loaded. */
  'playground.open': request(z.object({ task: TaskId, projectId: ProjectId, modelId: z.int().positive().nullable() }), OpenPlayground),
  /** Ends its process; what is being written ends as if it had been stopped. */
  'playground.close': request(OfProject, Nothing),
  'playground.setOptions': request(PlaygroundOptionChanges, PlaygroundOptions),
  /** Of an adapter made for the model that is open. */
  'playground.check': request(z.object({ projectId: ProjectId, adapterId: AdapterId }), AdapterCheck),
};

export const playgroundEvents = {
  'playground.changed': event(OfProject.partial()),
};
