/** @file Archives: a whole project as one file. */
import { z } from 'zod';
import { event, Nothing, request } from './define.ts';
import { AbsolutePath, FileReference } from './files.ts';
import { Project, ProjectId } from './projects.ts';
import { TaskId } from './tasks.ts';

export const PackedProject = z.object({ path: z.string(), bytes: z.number() });
export type PackedProject = z.infer<typeof PackedProject>;

export const BroughtProject = z.object({
  project: Project,
  /** What a person should know: a model that is not on this machine. */
  notes: z.array(z.string()),
});
export type BroughtProject = z.infer<typeof BroughtProject>;

export const archivesRequests = {
  /** `hasWeights`: with the files of adapters and checkpoints. `replace`: a file that is there; else it is refused. */
  'archives.write': request(
    z.object({ task: TaskId, projectId: ProjectId, path: AbsolutePath, hasWeights: z.boolean(), replace: z.boolean() }),
    PackedProject,
  ),
  /** As another project; all of it, or nothing. */
  'archives.read': request(z.object({ task: TaskId, file: FileReference }), BroughtProject),
  /** Archives the program was opened with since the last call; asked when a window starts, and at `archives.opened`. */
  'archives.takeOpened': request(Nothing, z.object({ paths: z.array(z.string()) })),
};

export const archivesEvents = {
  'archives.opened': event(Nothing),
};
