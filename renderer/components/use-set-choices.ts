/** @file Keeps what was chosen in a step, and shows it at once: the event that it changed comes a moment later. */
import { useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import type { ChoiceChanges, Choices } from '#contract/choices.ts';
import type { AppError } from '#contract/errors.ts';
import { useSend } from '#renderer/api/hooks.ts';

export interface SetChoices {
  readonly set: (changes: ChoiceChanges) => void;
  readonly error: UseMutationResult<Choices, AppError>['error'];
}

export function useSetChoices(projectId: number): SetChoices {
  const queries = useQueryClient();
  const send = useSend('choices.set');
  return {
    set: (changes) =>
      send.mutate({ projectId, changes }, { onSuccess: (choices) => queries.setQueryData(['choices.get', { projectId }], choices) }),
    error: send.error,
  };
}
