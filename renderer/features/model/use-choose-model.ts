/** @file Chooses a model for a project: what came of it, and why not where it can't be used. */
import type { ModelReport } from '#contract/models.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';

export interface ChooseModel {
  readonly choose: (folder: string) => void;
  readonly isPending: boolean;
  /** The folder that is being looked at, or was the last time. */
  readonly folder: string | null;
  /** It is no model, or can't be read. */
  readonly error: Error | null;
  /** It is a model that can't be trained. */
  readonly refused: ModelReport | null;
  readonly current: string | null;
}

export function useChooseModel(projectId: number): ChooseModel {
  const choices = useRequest('choices.get', { projectId });
  const { mutate, isPending, variables, error, data } = useSend('models.choose');
  return {
    choose: (folder) => mutate({ projectId, folder }),
    isPending,
    folder: variables?.folder ?? null,
    error,
    refused: data && data.problem !== null ? data : null,
    current: choices.data?.modelFolder ?? null,
  };
}
