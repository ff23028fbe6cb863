/**
 * @file Work that takes longer than a person waits: reading a file, looking for duplicates. The request that starts it names it, is answered
 * when it ends, and fails with `cancelled` if it was cancelled; meanwhile every window is told how far it is.
 */
import { z } from 'zod';
import { event, Nothing, request } from './define.ts';

/** Chosen by the window that starts it; never used again. */
export const TaskId = z.string().regex(/^[\w-]{1,64}$/, 'A task is named by letters, digits and hyphens.');

export const TaskUnit = z.enum(['rows', 'bytes', 'files', 'pairs', 'prompts', 'engines', 'texts']);
export type TaskUnit = z.infer<typeof TaskUnit>;

export const Task = z.object({
  id: TaskId,
  /** Whose it is; null for work of no project. */
  projectId: z.int().nullable(),
  /** As a heading: "Importing prefs.csv". */
  title: z.string(),
  /** In units. */
  done: z.number(),
  /** Null while unknown. */
  total: z.number().nullable(),
  unit: TaskUnit,
  /** How much of it is done, 0 … 1; null while unknown. */
  share: z.number().nullable(),
  /** In units; null while unknown. */
  perSecond: z.number().nullable(),
  /** Milliseconds; null while unknown. */
  msLeft: z.number().nullable(),
  /** Nothing happens until a person has decided something. */
  waiting: z.boolean(),
  /** It was asked to end and has not yet. */
  cancelling: z.boolean(),
});
export type Task = z.infer<typeof Task>;

export const tasksRequests = {
  'tasks.list': request(Nothing, z.array(Task)),
  /** Does nothing if it has ended. */
  'tasks.cancel': request(z.object({ id: TaskId }), Nothing),
};

export const tasksEvents = {
  /** All that go on, at most ten times a second. */
  'tasks.changed': event(z.object({ tasks: z.array(Task) })),
};
