/** @file Light, dark, or as the system is. */
import { SegmentedControl } from '@mantine/core';
import { Theme, type Preferences } from '#contract/app.ts';
import { preferencesWords } from '#renderer/words/preferences.ts';

const words = preferencesWords.look;

export function ThemeChoice({ theme, onChoose }: { readonly theme: Preferences['theme']; readonly onChoose: (theme: Theme) => void }) {
  return (
    <SegmentedControl
      aria-label={words.label}
      size="xs"
      data={Theme.options.map((value) => ({ value, label: words.themes[value] }))}
      value={theme}
      onChange={onChoose}
    />
  );
}
