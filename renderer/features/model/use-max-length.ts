/** @file max_length while its line is moved over the histogram; kept when it is let go. */
import { useState } from 'react';
import type { GivenSettings } from '#contract/choices.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { useSetChoices } from '#renderer/components/use-set-choices.ts';

const KEY = 'max_length';

export interface MaxLength {
  /** Where the line stands; where there is no limit, at the longest row. */
  readonly limit: number;
  /** There is no limit. */
  readonly isNone: boolean;
  /** The default is not known yet. */
  readonly isPending: boolean;
  readonly error: Error | null;
  /** Without keeping it. */
  readonly move: (limit: number) => void;
  readonly keep: (limit: number) => void;
}

/** @param longest - row, in tokens */
export function useMaxLength(projectId: number, settings: GivenSettings, longest: number): MaxLength {
  const fields = useRequest('settings.describe');
  const choices = useSetChoices(projectId);
  const [moving, setMoving] = useState<number | null>(null);
  const byDefault = fields.data?.fields.find(({ key }) => key === KEY)?.default;
  const chosen = KEY in settings ? settings[KEY] : byDefault;
  // It is kept: from now on another window moves it, too.
  if (moving !== null && moving === chosen) setMoving(null);
  return {
    limit: moving ?? (typeof chosen === 'number' ? chosen : longest),
    isNone: chosen === null && moving === null,
    isPending: fields.isPending,
    error: choices.error,
    move: setMoving,
    keep(limit) {
      setMoving(limit);
      choices.set({ settings: { ...settings, [KEY]: limit } });
    },
  };
}
