/** @file The probe prompts while they are edited: kept in main a moment after the last key, as far as they can be. */
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { ProbePrompts } from '#contract/probe-prompts.ts';
import { useSetChoices } from '#renderer/components/use-set-choices.ts';

const QUIET_MS = 400;

/** A prompt that is being edited; its id stays when it is moved. */
export interface DraftPrompt {
  readonly id: number;
  readonly text: string;
}

export interface ProbeDraft {
  /** Null: what is proposed. */
  readonly prompts: readonly DraftPrompt[] | null;
  /** Why they can't be kept as they are. */
  readonly problem: string | null;
  readonly error: Error | null;
  readonly replace: (prompts: readonly DraftPrompt[]) => void;
  readonly begin: (texts: readonly string[]) => void;
  /** Back to what is proposed. */
  readonly reset: () => void;
}

/** @param kept - in main; another window's changes are shown until something is edited here */
export function useProbeDraft(projectId: number, kept: ProbePrompts | null): ProbeDraft {
  const [edited, setEdited] = useState<readonly DraftPrompt[] | null>(null);
  const choices = useSetChoices(projectId);
  const keep = useDebouncedCallback((probePrompts: ProbePrompts | null) => choices.set({ probePrompts }), {
    delay: QUIET_MS,
    flushOnUnmount: true,
  });
  const prompts = edited ?? kept?.map((text, id) => ({ id, text })) ?? null;
  const checked = prompts && ProbePrompts.safeParse(written(prompts));
  const replace = (next: readonly DraftPrompt[]): void => {
    setEdited(next);
    const { data } = ProbePrompts.safeParse(written(next));
    if (data) keep(data);
  };
  return {
    prompts,
    problem: checked?.error?.issues[0]?.message ?? null,
    error: choices.error,
    replace,
    begin: (texts) => replace(texts.map((text, id) => ({ id, text }))),
    reset: () => {
      setEdited(null);
      keep.cancel();
      choices.set({ probePrompts: null });
    },
  };
}

/** One that was added and not written yet is none. */
function written(prompts: readonly DraftPrompt[]): string[] {
  return prompts.map(({ text }) => text.trim()).filter((text) => text !== '');
}
