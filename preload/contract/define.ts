/**
 * @file What a request and an event are. Both carry plain JSON only, so that they mean the same over Electron's channel and over a WebSocket:
 * no Date, Map, NaN, bytes or class.
 */
import { z } from 'zod';

/** `noun.verb`: the namespace and what is done, such as `projects.create`. */
export type Name = `${string}.${string}`;

/** What the window asks of main. */
export interface RequestDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly input: Input;
  readonly output: Output;
}

/** What main tells every window, unasked. */
export interface EventDefinition<Payload extends z.ZodType = z.ZodType> {
  readonly payload: Payload;
}

export type RequestDefinitions = Readonly<Record<Name, RequestDefinition>>;
export type EventDefinitions = Readonly<Record<Name, EventDefinition>>;

/** The input or output of a request that has none. */
export const Nothing = z.undefined();

/** @param input - what the caller passes; its messages are shown to a person @param output - what the answer holds; other keys are dropped */
export function request<Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output): RequestDefinition<Input, Output> {
  return { input, output };
}

export function event<Payload extends z.ZodType>(payload: Payload): EventDefinition<Payload> {
  return { payload };
}
