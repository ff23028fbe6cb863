/** @file KTO, DPO, or both for comparison. */
import { SegmentedControl, Stack, Text, Title } from '@mantine/core';
import type { Methods } from '#contract/choices.ts';
import { settingsWords } from '#renderer/words/settings.ts';

const words = settingsWords.method;
const METHODS = { kto: ['kto'], dpo: ['dpo'], both: ['kto', 'dpo'] } as const satisfies Record<string, Methods>;
type Choice = keyof typeof METHODS;

export function MethodChoice({ methods, onChoose }: { readonly methods: Methods; readonly onChoose: (methods: Methods) => void }) {
  const chosen: Choice = methods.length > 1 ? 'both' : (methods[0] ?? 'kto');
  return (
    <Stack gap={6} component="section" aria-label={words.title}>
      <Title order={2} size="h5">
        {words.title}
      </Title>
      <SegmentedControl
        aria-label={words.title}
        value={chosen}
        onChange={(value) => onChoose(METHODS[value])}
        data={(Object.keys(METHODS) as Choice[]).map((value) => ({ value, label: words[value] }))}
      />
      <Text size="sm" c="dimmed">
        {words.about[chosen]}
      </Text>
    </Stack>
  );
}
