/** @file Something to say about a setting, with a button that mends it. */
import { Button, Group, Text } from '@mantine/core';
import type { SettingRemark, SettingValue } from '#contract/settings.ts';

export interface RemarkProps {
  readonly remark: SettingRemark;
  readonly isProblem: boolean;
  readonly onFix: (changes: Readonly<Record<string, SettingValue>>) => void;
}

export function Remark({ remark: { text, fix }, isProblem, onFix }: RemarkProps) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start" justify="space-between">
      <Text size="xs" c={isProblem ? 'var(--mantine-color-error)' : 'var(--prospect-caution)'} role={isProblem ? 'alert' : undefined}>
        {text}
      </Text>
      {fix === null ? null : (
        <Button size="compact-xs" variant="light" flex="none" onClick={() => onFix(fix.changes)}>
          {fix.label}
        </Button>
      )}
    </Group>
  );
}
