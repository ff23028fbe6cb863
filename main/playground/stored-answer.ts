/** @file What is kept of an answer beside its text: how it came about, so that a row that is made of it says so. */
import { z } from 'zod';
import { AnswerFacts } from '#contract/chats.ts';
import type { JsonObject } from '#store/json-column.ts';

const StoredFacts = z.object({
  /** Null if it failed. */
  facts: AnswerFacts.nullable(),
  /** Why it failed. */
  problem: z.string().nullable(),
  /** The system prompt it was given. */
  system: z.string(),
  hasChatTemplate: z.boolean(),
  model: z.string(),
  weights: z.string(),
  device: z.string(),
  adapterSha256: z.string().nullable(),
});
export type StoredFacts = z.infer<typeof StoredFacts>;

/** Null for what another version wrote. */
export function readFacts(facts: JsonObject | null): StoredFacts | null {
  const parsed = StoredFacts.safeParse(facts);
  return parsed.success ? parsed.data : null;
}
