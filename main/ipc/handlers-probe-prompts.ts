/** @file Answers the requests about the prompts that runs are asked. */
import type { probePromptsRequests } from '#contract/probe-prompts.ts';
import { proposeProbes } from '#setup/propose-probes.ts';
import type { HandlersOf } from './handlers.ts';

export const probePromptsHandlers: HandlersOf<typeof probePromptsRequests> = {
  'probePrompts.propose': ({ projectId }, { store }) => proposeProbes(store, projectId),
};
