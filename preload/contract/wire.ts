/** @file What goes over the WebSocket between a page and the browser host, beside the contract itself: who asks, and which answer is whose. */
import { z } from 'zod';
import type { EventName } from './index.ts';
import type { Result } from './result.ts';

/** The first message of a page; anything else ends the connection. */
export const Hello = z.strictObject({ type: z.literal('hello'), token: z.string().max(200) });

/** Then requests, each with a number that its answer repeats. */
export const Asked = z.strictObject({
  type: z.literal('request'),
  id: z.int().nonnegative(),
  name: z.string(),
  input: z.unknown().optional(),
});

export type FromPage = z.input<typeof Hello> | z.input<typeof Asked>;

export type ToPage =
  /** From now on the page says this token: what it came with may have been good for once. */
  | { readonly type: 'welcome'; readonly token: string }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<unknown> }
  | { readonly type: 'event'; readonly name: EventName; readonly payload?: unknown };
