/** @file What was made elsewhere and is brought into a project: adapters of PEFT, and finished runs of the command line. */
import { z } from 'zod';
import { AdapterId } from './adapters.ts';
import { request } from './define.ts';
import { AbsolutePath } from './files.ts';
import { ProjectId } from './projects.ts';

const Folders = {
  projectId: ProjectId,
  folder: AbsolutePath,
  /** Where the base model is; null: the project's model for an adapter, the run's own for a run. */
  modelFolder: AbsolutePath.nullable(),
  /** Null for the folder's name. */
  name: z.string().trim().min(1).max(120).nullable(),
};

export const BroughtIn = z.object({
  adapterId: AdapterId,
  name: z.string(),
  /** What a person should know. */
  notes: z.array(z.string()),
});
export type BroughtIn = z.infer<typeof BroughtIn>;

export const bringInRequests = {
  /** Checked against the base model, and copied; the folder stays as it is. */
  'adapters.import': request(z.object(Folders), BroughtIn),
  /** With its settings and its whole curve. */
  'runs.import': request(z.object(Folders), BroughtIn),
};
