/** @file KTO, DPO, or both for comparison. */
import { SegmentedControl, Text } from '@mantine/core';
import type { Methods } from '#contract/choices.ts';
import { PlainSection } from '#renderer/components/section.tsx';
import { settingsWords } from '#renderer/words/settings.ts';

const words = settingsWords.method;
const METHODS = { kto: ['kto'], dpo: ['dpo'], both: ['kto', 'dpo'] } as const satisfies Record<string, Methods>;
type Choice = keyof typeof METHODS;

export function MethodChoice({ methods, onChoose }: { readonly methods: Methods; readonly onChoose: (methods: Methods) => void }) {
  const chosen: Choice = methods.length > 1 ? 'both' : (methods[0] ?? 'kto');
  return (
    <PlainSection order={2} gap={6} title={words.title}>
      <SegmentedControl
        aria-label={words.title}
        value={chosen}
        onChange={(value) => onChoose(METHODS[value])}
        data={(Object.keys(METHODS) as Choice[]).map((value) => ({ value, label: words[value] }))}
      />
      <Text size="sm" c="dimmed">
        {words.about[chosen]}
      </Text>
    </PlainSection>
  );
}
