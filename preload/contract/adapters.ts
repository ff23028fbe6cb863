/** @file Adapters of a project: made by its runs, or brought in. */
import { z } from 'zod';
import { event, request } from './define.ts';
import { ProjectId } from './projects.ts';

export const AdapterId = z.int().positive();

export const AdapterSummary = z.object({
  id: AdapterId,
  name: z.string(),
  /** Null if it was brought in. */
  runId: z.int().nullable(),
  /** What it was made for: the folder of its base model; null if that is not known any more. */
  modelFolder: z.string().nullable(),
  modelName: z.string().nullable(),
  createdAt: z.number(),
  /** False if its files are gone. */
  isThere: z.boolean(),
});
export type AdapterSummary = z.infer<typeof AdapterSummary>;

export const adaptersRequests = {
  /** Newest first. */
  'adapters.list': request(z.object({ projectId: ProjectId }), z.array(AdapterSummary)),
};

export const adaptersEvents = {
  'adapters.changed': event(z.object({ projectId: ProjectId })),
};
