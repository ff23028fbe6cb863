/** @file Presets as cards; which one the settings are, or that they are the person's own. */
import { Radio, Text } from '@mantine/core';
import type { GivenSettings } from '#contract/choices.ts';
import type { Preset } from '#contract/settings.ts';
import { ChoiceCard } from '#renderer/components/choice-card.tsx';
import { PlainSection } from '#renderer/components/section.tsx';
import { settingsWords } from '#renderer/words/settings.ts';
import classes from './settings-step.module.css';

export interface PresetChoiceProps {
  readonly presets: readonly Preset[];
  readonly settings: GivenSettings;
  readonly onChoose: (settings: GivenSettings) => void;
}

export function PresetChoice({ presets, settings, onChoose }: PresetChoiceProps) {
  const chosen = presets.find((preset) => isSame(preset.settings, settings))?.name ?? null;
  const words = settingsWords.preset;
  return (
    <PlainSection order={2} gap={6} title={words.title}>
      <Radio.Group
        aria-label={words.title}
        value={chosen ?? ''}
        onChange={(name) => onChoose({ ...presets.find((preset) => preset.name === name)?.settings })}
      >
        <div className={classes.presets}>
          {presets.map(({ name, label, sentence }) => (
            <ChoiceCard key={name} value={name} title={label} about={sentence} />
          ))}
        </div>
      </Radio.Group>
      {chosen === null ? (
        <Text size="xs" c="dimmed">
          {words.custom}: {words.customAbout}
        </Text>
      ) : null}
    </PlainSection>
  );
}

function isSame(a: GivenSettings, b: GivenSettings): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}
