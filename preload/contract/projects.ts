/** @file Projects: what the sidebar lists and what can be done with one as a whole. */
import { z } from 'zod';
import { Shown } from './app.ts';
import { event, Nothing, request } from './define.ts';

/** Never used again once a project is deleted. */
export const ProjectId = z.int().positive();

export const ProjectName = z
  .string()
  .trim()
  .min(1, 'A project needs a name.')
  .max(120, 'A name has at most 120 characters.')
  .regex(/^[^\p{Cc}]*$/u, 'A name is one line.');

export const Project = z.object({
  id: ProjectId,
  name: z.string(),
  notes: z.string(),
  /** Milliseconds since 1970, like every time in the contract. */
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Project = z.infer<typeof Project>;

/** What goes with a project, so that a person can be asked first. */
export const ProjectContents = z.object({
  datasets: z.int(),
  runs: z.int(),
  adapters: z.int(),
  /** Folders of runs and adapters on disk. */
  folders: z.array(z.string()),
  bytes: z.number(),
});
export type ProjectContents = z.infer<typeof ProjectContents>;

const One = z.object({ id: ProjectId });

export const projectsRequests = {
  /** Last touched first. */
  'projects.list': request(Nothing, z.array(Project)),
  'projects.create': request(z.object({ name: ProjectName }), Project),
  'projects.rename': request(z.object({ id: ProjectId, name: ProjectName }), Project),
  /** Datasets and settings, not runs. */
  'projects.duplicate': request(z.object({ id: ProjectId, name: ProjectName }), Project),
  'projects.describeContents': request(One, ProjectContents),
  /** `deleteFiles`: the files of its runs and adapters, too; else they stay in the data folder. */
  'projects.delete': request(z.object({ id: ProjectId, deleteFiles: z.boolean() }), Nothing),
  'projects.reveal': request(One, Shown),
};

export const projectsEvents = {
  'projects.changed': event(Nothing),
};
