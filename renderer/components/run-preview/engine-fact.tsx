/** @file What a run will be computed with, and how that is changed. */
import { Anchor, Text } from '@mantine/core';
import type { ComputesOn } from '#contract/engines.ts';
import { useOpenPreferences } from '#renderer/components/preferences-opener.ts';
import { settingsWords } from '#renderer/words/settings.ts';

const words = settingsWords.preview;

/** Stands in a list of terms. */
export function EngineFact({ computesOn: { engine, title, device, backend } }: { readonly computesOn: ComputesOn }) {
  const openPreferences = useOpenPreferences();
  return (
    <>
      <Text component="dt" size="sm" c="dimmed">
        {words.device}
      </Text>
      <Text component="dd" size="sm" title={[engine, backend].filter(Boolean).join(', ')}>
        {title}{' '}
        <Anchor component="button" type="button" size="sm" onClick={openPreferences} aria-label={words.changeEngine}>
          {words.change}
        </Anchor>
        {device === null ? null : (
          <Text component="span" display="block" size="xs" c="dimmed">
            {device}
          </Text>
        )}
      </Text>
    </>
  );
}
