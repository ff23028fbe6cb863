/** @file Prompts that a run answers again and again, so that a person sees what training changes. */
import { z } from 'zod';
import { request } from './define.ts';
import { ProjectId } from './projects.ts';

/** They are answered before training and at every evaluation, which must stay short. */
export const MOST_PROBE_PROMPTS = 8;
const MOST_CHARACTERS = 4000;

export const ProbePrompts = z
  .array(
    z
      .string()
      .trim()
      .min(1, 'A probe prompt is empty. Write what the model shall be asked, or remove it.')
      .max(MOST_CHARACTERS, `A probe prompt has more than ${MOST_CHARACTERS.toLocaleString('en')} characters. Shorten it.`),
  )
  .max(
    MOST_PROBE_PROMPTS,
    `There are more than ${MOST_PROBE_PROMPTS} probe prompts, and each is answered again and again. Keep the telling ones.`,
  )
  .refine((prompts) => new Set(prompts).size === prompts.length, 'Two probe prompts are the same. Change or remove one of them.')
  .readonly();
export type ProbePrompts = z.infer<typeof ProbePrompts>;

export const probePromptsRequests = {
  /** What would be asked if nobody chose: the first different prompts of the held-out rows. Of a conversation, what was said last. */
  'probePrompts.propose': request(z.object({ projectId: ProjectId }), z.array(z.string())),
};
