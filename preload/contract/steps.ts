/**
 * @file The steps of a project, from data to export: how far each is, as main sees it. To add a step: its name here, its rule in
 * main/projects/steps/, its title in renderer/words/steps.ts and its screen in renderer/wizard/step-registry.ts; each is missed by the compiler.
 */
import { z } from 'zod';
import { request } from './define.ts';
import { ProjectId } from './projects.ts';

/** In their order. */
export const StepName = z.enum(['data', 'pairs', 'model', 'settings', 'train', 'chat', 'compare', 'export']);
export type StepName = z.infer<typeof StepName>;

/** `open`: there is something to do. `blocked`: something else comes first. */
export const StepState = z.enum(['done', 'open', 'blocked']);
export type StepState = z.infer<typeof StepState>;

export const Step = z.object({
  name: StepName,
  state: StepState,
  /** What there is, what is to be done, or why it is blocked: a sentence. */
  note: z.string(),
  /** The step that unblocks it. */
  first: StepName.nullable(),
});
export type Step = z.infer<typeof Step>;

export const stepsRequests = {
  /** All of them, in their order. */
  'steps.list': request(z.object({ projectId: ProjectId }), z.array(Step)),
};
