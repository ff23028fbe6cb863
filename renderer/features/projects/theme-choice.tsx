/** @file Light, dark, or as the system is. */
import { SegmentedControl } from '@mantine/core';
import type { Theme } from '#contract/app.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';

const CHOICES: { readonly value: Theme; readonly label: string }[] = [
  { value: 'auto', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function ThemeChoice() {
  const preferences = useRequest('app.getPreferences');
  const save = useSend('app.setPreferences');
  return (
    <SegmentedControl
      aria-label="Theme"
      size="xs"
      fullWidth
      data={CHOICES}
      value={preferences.data?.theme ?? 'auto'}
      onChange={(theme) => save.mutate({ theme })}
    />
  );
}
