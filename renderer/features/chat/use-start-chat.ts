/** @file Begins a conversation. */
import type { AppError } from '#contract/errors.ts';
import { useSend } from '#renderer/api/hooks.ts';

export interface StartChat {
  readonly start: () => void;
  readonly isPending: boolean;
  readonly error: AppError | null;
}

export function useStartChat(projectId: number, onStarted: (chatId: number) => void): StartChat {
  const { mutate, isPending, error } = useSend('chats.create');
  return { start: () => mutate({ projectId }, { onSuccess: ({ id }) => onStarted(id) }), isPending, error };
}
