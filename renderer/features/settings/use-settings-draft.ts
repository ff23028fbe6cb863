/** @file The settings while they are edited: kept in main a moment after the last key, and checked there. */
import { useDebouncedCallback } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Choices, GivenSettings, Methods } from '#contract/choices.ts';
import type { RequestOutput } from '#contract/index.ts';
import type { SettingValue, SettingsCheck } from '#contract/settings.ts';
import { useClient } from '#renderer/api/hooks.ts';
import { useSetChoices } from '#renderer/components/use-set-choices.ts';

/** While a number is typed, neither each digit is kept nor a run planned for it. */
const QUIET_MS = 400;

export interface SettingsDraft {
  readonly settings: GivenSettings;
  readonly methods: Methods;
  /** Null until main has looked at them. */
  readonly check: SettingsCheck | null;
  readonly error: Error | null;
  /** @param value - undefined takes the setting away, so that it has its default */
  readonly set: (key: string, value: SettingValue | undefined) => void;
  readonly change: (changes: Readonly<Record<string, SettingValue>>) => void;
  readonly replace: (settings: GivenSettings) => void;
  readonly setMethods: (methods: Methods) => void;
}

export interface DraftOptions {
  readonly projectId: number;
  readonly described: RequestOutput<'settings.describe'>;
  readonly choices: Choices;
}

export function useSettingsDraft({ projectId, described, choices }: DraftOptions): SettingsDraft {
  // Null while nothing is edited: then another window's changes are shown, too.
  const [edited, setEdited] = useState<GivenSettings | null>(null);
  const settings = edited ?? choices.settings;
  const { methods } = choices;
  const kept = useSetChoices(projectId);
  // It is kept.
  if (edited !== null && JSON.stringify(edited) === JSON.stringify(choices.settings)) setEdited(null);
  const keep = useDebouncedCallback((next: GivenSettings) => kept.set({ settings: next }), { delay: QUIET_MS, flushOnUnmount: true });
  const replace = (next: GivenSettings): void => {
    setEdited(next);
    keep(next);
  };
  const change = (changes: Readonly<Record<string, SettingValue | undefined>>): void =>
    replace(withoutDefaults({ ...settings, ...changes }, described));
  return {
    settings,
    methods,
    check: useCheck(projectId, methods, settings),
    error: kept.error,
    set: (key, value) => change({ [key]: value }),
    change,
    replace,
    setMethods: (next) => kept.set({ methods: next }),
  };
}

/** Of what is shown, kept or not; the last answer stays until the next is there. */
function useCheck(projectId: number, methods: Methods, settings: GivenSettings): SettingsCheck | null {
  const client = useClient();
  const input = { projectId, methods, settings };
  const { data } = useQuery({
    queryKey: ['settings.check', input],
    queryFn: () => client.request('settings.check', input),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
  return data ?? null;
}

/** Only what differs from its default is kept, so that a preset is recognised and a run says what was chosen. */
function withoutDefaults(
  settings: Readonly<Record<string, SettingValue | undefined | GivenSettings[string]>>,
  { fields }: DraftOptions['described'],
): GivenSettings {
  const defaults = new Map(fields.map((field) => [field.key, JSON.stringify(field.default)]));
  const given = Object.entries(settings).filter(([key, value]) => value !== undefined && JSON.stringify(value) !== defaults.get(key));
  return Object.fromEntries(given) as GivenSettings;
}
