/** @file What Prospect and the process that runs llama.cpp tell each other; both check what arrives. */
import { z } from 'zod';
import { failureSchema } from '#processes/failure.ts';
import { GGUF_DTYPES } from '#engine/export/gguf/gguf-dtype.ts';
import type { GgufDtype } from '#engine/export/gguf/gguf-dtype.ts';
import type { Sampling } from '#engine/generate/sampling.ts';

const path = z.string().min(1);
const count = z.number().int().nonnegative();
const tokenIds = z.array(count);

const message = z.object({ role: z.string(), content: z.string() });
export type ChatMessage = z.infer<typeof message>;

/** What an answer is asked for: a conversation, through the model's chat template; a text to go on with; or tokens. */
const prompt = z.discriminatedUnion('form', [
  z.object({ form: z.literal('chat'), messages: z.array(message).min(1) }),
  z.object({ form: z.literal('text'), text: z.string() }),
  z.object({ form: z.literal('tokens'), ids: tokenIds }),
]);
export type ChatPrompt = z.infer<typeof prompt>;

const sampling = z.object({
  maxNewTokens: z.number(),
  greedy: z.boolean(),
  temperature: z.number(),
  topK: z.number(),
  topP: z.number(),
  minP: z.number(),
  repetitionPenalty: z.number(),
}) satisfies z.ZodType<Sampling>;

const openRequest = z.object({
  modelDir: path,
  /** A GGUF file to use as it is; else one is made of the model's weights, in the cache. */
  ggufFile: path.nullable(),
  /** How the weights are kept in a file that is made. */
  dtype: z.enum(GGUF_DTYPES as [GgufDtype, ...GgufDtype[]]),
  cacheDir: path,
  /** `off` computes on the processor even where there is a graphics card. */
  gpu: z.enum(['auto', 'off']),
  /** Null for as many as the model was trained on, up to a limit that any machine has memory for. */
  contextTokens: z.number().int().min(8).nullable(),
  /** Processor threads; null for as many as help. */
  threads: z.number().int().min(1).nullable(),
  /** float32 keys and values, so that numbers can be compared with the engine's; slower. */
  exact: z.boolean(),
});
export type OpenChat = z.infer<typeof openRequest>;

const answerRequest = z.object({
  /** PEFT folder, or a GGUF LoRA file; null for the base model. */
  adapter: path.nullable(),
  prompt,
  sampling,
  seed: z.number().int().nonnegative(),
});
export type AnswerRequest = z.infer<typeof answerRequest>;

const scoreRequest = z.object({
  adapter: path.nullable(),
  ids: tokenIds.min(2),
  /** The first position that is scored; at least 1. */
  from: z.number().int().min(1),
});
export type ScoreTokens = z.infer<typeof scoreRequest>;

const compareRequest = z.object({ adapter: path });
export type CompareAdapter = z.infer<typeof compareRequest>;

/** To the process. Answers to different adapters run at the same time; those to one adapter, one after the other. */
export const toChatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open'), id: count, request: openRequest }),
  z.object({ type: z.literal('answer'), id: count, request: answerRequest }),
  z.object({ type: z.literal('score'), id: count, request: scoreRequest }),
  /** How much an adapter changes the model, on fixed texts. */
  z.object({ type: z.literal('compare'), id: count, request: compareRequest }),
  z.object({ type: z.literal('tokenise'), id: count, text: z.string() }),
  z.object({ type: z.literal('stop'), id: count }),
  /** Frees the memory of an adapter that is not looked at any more. */
  z.object({ type: z.literal('drop'), id: count, adapter: path.nullable() }),
]);
export type ToChat = z.infer<typeof toChatSchema>;

const openedFacts = z.object({
  ggufFile: path,
  /** Whether the file was made just now, and has not been compared with the engine yet. */
  converted: z.boolean(),
  contextTokens: count,
  /** What computes: "CPU", or the graphics card's name. */
  device: z.string(),
  hasChatTemplate: z.boolean(),
  /** What a person should know about the model in llama.cpp. */
  notes: z.array(z.string()),
});
export type OpenedChat = z.infer<typeof openedFacts>;

const answerResult = z.object({
  text: z.string(),
  ids: tokenIds,
  /** An end token came; max_new_tokens were written; it was stopped; or the context was full. */
  reason: z.enum(['end', 'length', 'stopped', 'context']),
  promptTokens: count,
  /** Messages at the beginning of the conversation that were left out, because it did not fit the context any more. */
  droppedMessages: count,
  promptMs: z.number(),
  answerMs: z.number(),
  tokensPerSecond: z.number().nullable(),
});
export type AnswerResult = z.infer<typeof answerResult>;

const tokenScores = z.object({
  /** Natural logarithm of the probability of each token from `from` on. */
  logps: z.array(z.number()),
  /** The most likely token at each of these positions. */
  best: tokenIds,
});
export type TokenScores = z.infer<typeof tokenScores>;

const difference = z.object({
  /** The largest over the tokens of the texts, nats; exactly 0 for an adapter that changes nothing. */
  largestGap: z.number(),
  tokens: count,
});
export type AdapterDifference = z.infer<typeof difference>;

export const fromChatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('progress'),
    id: count,
    phase: z.enum(['Converting the model', 'Loading the model']),
    done: z.number(),
    total: z.number(),
  }),
  z.object({ type: z.literal('opened'), id: count, result: openedFacts }),
  z.object({ type: z.literal('text'), id: count, text: z.string() }),
  z.object({ type: z.literal('answered'), id: count, result: answerResult }),
  z.object({ type: z.literal('scored'), id: count, result: tokenScores }),
  z.object({ type: z.literal('compared'), id: count, result: difference }),
  z.object({ type: z.literal('tokenised'), id: count, result: tokenIds }),
  z.object({ type: z.literal('dropped'), id: count }),
  z.object({ type: z.literal('failed'), id: count.nullable(), error: failureSchema }),
]);
export type FromChat = z.infer<typeof fromChatSchema>;
