/** @file The engines that can't be on this machine, each with the reason. */
import { Stack, Text, Title } from '@mantine/core';
import type { EngineRow } from '#contract/engines.ts';
import { preferencesWords } from '#renderer/words/preferences.ts';

export function AbsentEngines({ rows }: { readonly rows: readonly EngineRow[] }) {
  if (rows.length === 0) return null;
  return (
    <Stack gap={4} component="section" aria-label={preferencesWords.engines.notHere}>
      <Title order={4} size="h6">
        {preferencesWords.engines.notHere}
      </Title>
      {rows.map(({ engine, title, absence }) => (
        <Text key={engine} size="xs" c="dimmed">
          {title}: {absence}
        </Text>
      ))}
    </Stack>
  );
}
