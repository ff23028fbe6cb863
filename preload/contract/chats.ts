/** @file Conversations with the models of a project, side by side, and what a person thinks of their answers. */
import { z } from 'zod';
import { event, Nothing, request } from './define.ts';
import { ProjectId } from './projects.ts';

export const ChatId = z.int().positive();

export const ChatTitle = z
  .string()
  .trim()
  .min(1, 'A conversation needs a name.')
  .max(120, 'A name has at most 120 characters.')
  .regex(/^[^\p{Cc}]*$/u, 'A name is one line.');

/** More than anybody types; a model's context is much smaller. */
const MOST_CHARACTERS = 1_000_000;
const Said = z
  .string()
  .refine((text) => text.trim() !== '', 'Write something first.')
  .max(MOST_CHARACTERS, 'This is too long for any model.');

/** By Transformers' names; 0 as temperature always takes the most likely token. */
export const ChatSampling = z.object({
  temperature: z.number().min(0, 'temperature is 0 or more.').max(10, 'temperature is at most 10.').default(0.7),
  top_p: z.number().gt(0, 'top_p is above 0.').max(1, 'top_p is at most 1.').default(0.95),
  /** 0 for all tokens. */
  top_k: z.int('top_k is a whole number.').min(0, 'top_k is 0 or more.').max(1_000_000, 'No model has so many tokens.').default(0),
  min_p: z.number().min(0, 'min_p is 0 or more.').max(1, 'min_p is at most 1.').default(0),
  repetition_penalty: z.number().gt(0, 'repetition_penalty is above 0.').max(10, 'repetition_penalty is at most 10.').default(1),
  max_new_tokens: z
    .int('max_new_tokens is a whole number.')
    .min(1, 'max_new_tokens is 1 or more.')
    .max(1_000_000, 'No context is as long.')
    .default(256),
  /** The same one gives the same answer; null: another one each time. */
  seed: z
    .int('A seed is a whole number.')
    .min(0, 'A seed is 0 or more.')
    .max(4_294_967_295, 'A seed has 32 bits.')
    .nullable()
    .default(null),
});
export type ChatSampling = z.infer<typeof ChatSampling>;

export const MOST_PANES = 3;

/** Models side by side: adapters of the project, or null for the base model. */
const Panes = z
  .array(z.int().positive().nullable())
  .min(1, 'There is one model at least.')
  .max(MOST_PANES, 'Three models fit side by side.');

/** Every part has a default, so that older stores can be read. */
export const ChatSettings = z.object({
  panes: Panes.default([null]),
  system: z.string().max(MOST_CHARACTERS).default(''),
  sampling: ChatSampling.prefault({}),
});
export type ChatSettings = z.infer<typeof ChatSettings>;

const ChatSettingChanges = z.object({
  panes: Panes.optional(),
  system: z.string().max(MOST_CHARACTERS).optional(),
  sampling: ChatSampling.optional(),
});

export const ChatSummary = z.object({
  id: ChatId,
  title: z.string(),
  createdAt: z.number(),
  /** When something was said last. */
  updatedAt: z.number(),
  questions: z.int(),
});
export type ChatSummary = z.infer<typeof ChatSummary>;

export const AnswerFacts = z.object({
  tokens: z.int(),
  promptTokens: z.int(),
  tokensPerSecond: z.number().nullable(),
  /** An end token came; max_new_tokens were written; it was stopped; or the context was full. */
  reason: z.enum(['end', 'length', 'stopped', 'context']),
  /** Messages at the beginning that did not fit the context any more. */
  droppedMessages: z.int(),
});
export type AnswerFacts = z.infer<typeof AnswerFacts>;

export const Thumb = z.object({ value: z.enum(['up', 'down']), reason: z.string().nullable() });
export type Thumb = z.infer<typeof Thumb>;

export const ChatAnswer = z.object({
  pane: z.int(),
  /** Null while it is being written. */
  messageId: z.int().nullable(),
  /** The model's name as it was when it answered. */
  speaker: z.string(),
  /** Null for the base model, and for an adapter that was deleted. */
  adapterId: z.int().nullable(),
  state: z.enum(['writing', 'complete', 'stopped', 'failed']),
  text: z.string(),
  facts: AnswerFacts.nullable(),
  /** Why it failed: a sentence. */
  problem: z.string().nullable(),
  seed: z.int().nullable(),
  thumb: Thumb.nullable(),
});
export type ChatAnswer = z.infer<typeof ChatAnswer>;

export const ChatTurn = z.object({
  /** Ascending, with gaps. */
  turn: z.int(),
  question: z.string(),
  /** By pane. */
  answers: z.array(ChatAnswer),
});
export type ChatTurn = z.infer<typeof ChatTurn>;

export const ChatDetails = ChatSummary.extend({ projectId: ProjectId, settings: ChatSettings, turns: z.array(ChatTurn) });
export type ChatDetails = z.infer<typeof ChatDetails>;

/** The rows that became of thumbs. */
export const FeedbackSummary = z.object({
  datasetId: z.int(),
  versionId: z.int(),
  name: z.string(),
  rows: z.int(),
  desirable: z.int(),
  undesirable: z.int(),
});
export type FeedbackSummary = z.infer<typeof FeedbackSummary>;

const One = z.object({ chatId: ChatId });
const OfProject = z.object({ projectId: ProjectId });

export const chatsRequests = {
  /** Last talked to first. */
  'chats.list': request(OfProject, z.array(ChatSummary)),
  /** With the settings of the last conversation; the first has the base model beside the newest adapter. */
  'chats.create': request(OfProject, ChatSummary),
  'chats.get': request(One, ChatDetails),
  'chats.rename': request(z.object({ chatId: ChatId, title: ChatTitle }), Nothing),
  /** Rows that became of its thumbs stay. */
  'chats.delete': request(One, Nothing),
  'chats.configure': request(z.object({ chatId: ChatId, changes: ChatSettingChanges }), ChatSettings),
  /** Answered as soon as all models began; `chats.streamed` tells the rest. */
  'chats.ask': request(z.object({ chatId: ChatId, text: Said }), Nothing),
  /** Asks something else in its place: what came after it is removed. */
  'chats.edit': request(z.object({ chatId: ChatId, turn: z.int(), text: Said }), Nothing),
  /** The last question once more: of one model, or of all. */
  'chats.regenerate': request(z.object({ chatId: ChatId, pane: z.int().nullable() }), Nothing),
  /** What is being written; it stays as far as it is. */
  'chats.stop': request(One, Nothing),
  /** A thumb makes, changes or (null) takes back a row of the project's feedback dataset. */
  'chats.vote': request(
    z.object({
      messageId: z.int().positive(),
      thumb: z.object({ value: z.enum(['up', 'down']), reason: z.string().trim().max(2000).nullable() }).nullable(),
    }),
    Nothing,
  ),
  /** Null before the first thumb. */
  'chats.getFeedback': request(OfProject, FeedbackSummary.nullable()),
};

export const chatsEvents = {
  'chats.changed': event(z.object({ projectId: ProjectId, chatId: ChatId })),
  /** More of an answer, at most twenty times a second for each conversation. */
  'chats.streamed': event(
    z.object({
      chatId: ChatId,
      pieces: z.array(
        z.object({
          turn: z.int(),
          pane: z.int(),
          /** Where it belongs in the answer: characters before it. */
          from: z.int(),
          text: z.string(),
        }),
      ),
    }),
  ),
};
