/** @file Answers prompts that are not answered yet, and draws more of them. */
import type { MeasureSettings } from '#contract/comparisons.ts';
import type { AppError } from '#contract/errors.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { useTask } from '#renderer/api/use-task.ts';

/** As many as a person reads in one go. */
export const MORE_PROMPTS = 6;

export interface MoreAnswers {
  readonly isRunning: boolean;
  readonly error: AppError | null;
  /** @param count - of prompts beside those that are there */
  readonly ask: (count: number) => Promise<void>;
}

export function useMoreAnswers(projectId: number, { prompts }: Pick<MeasureSettings, 'prompts'>): MoreAnswers {
  const choose = useSend('comparisons.choose');
  const answer = useTask('comparisons.answer');
  return {
    isRunning: answer.isRunning || choose.isPending,
    error: choose.error ?? answer.error,
    async ask(count) {
      if (count > 0) await choose.mutateAsync({ projectId, changes: { settings: { prompts: prompts + count } } }).catch(() => undefined);
      await answer.start({ projectId });
    },
  };
}
